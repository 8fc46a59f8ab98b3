export interface SavedFile {
  name: string;
  bytes: number;
  /** Its media type. */
  type: string;
}

/** Puts files where a person keeps files. */
export interface Saver {
  /** Resolves when it is saved, or when the person would rather not. */
  save(file: SavedFile, pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void>;
}

/** What Chromium has beyond what the types know. */
type Picks = {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<{
    createWritable(): Promise<WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> & { abort(): Promise<void> }>;
  }>;
};

/** Above this a file goes to its place as it comes, where the browser can do that. */
const LARGE = 64_000_000;
/** Until then the browser has begun to read it. */
const READ_MS = 60_000;

/** Small files by a download, large ones straight into the file that the person chooses. */
export function browserSaver(page: Window, after: (ms: number, run: () => void) => void): Saver {
  return {
    async save(file, pieces) {
      const { showSaveFilePicker } = page as unknown as Picks;
      if (file.bytes > LARGE && showSaveFilePicker !== undefined) {
        const target = await chosen(() => showSaveFilePicker.call(page, { suggestedName: file.name }));
        if (target === 'left') return;
        if (target !== 'refused') return await write(target, pieces);
      }
      const parts: Blob[] = [];
      // Each a blob of its own: the browser may keep them on the disk.
      for await (const piece of pieces) parts.push(new Blob([piece]));
      const url = URL.createObjectURL(new Blob(parts, { type: file.type }));
      const link = page.document.createElement('a');
      link.href = url;
      link.download = file.name;
      link.click();
      after(READ_MS, () => URL.revokeObjectURL(url));
    },
  };
}

/** `left`: the person closed the dialog. `refused`: the browser does not allow it here, so it goes the other way. */
async function chosen<Target>(pick: () => Promise<Target>): Promise<Target | 'left' | 'refused'> {
  try {
    return await pick();
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? 'left' : 'refused';
  }
}

type Place = Awaited<ReturnType<NonNullable<Picks['showSaveFilePicker']>>>;

async function write(place: Place, pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void> {
  const file = await place.createWritable();
  try {
    for await (const piece of pieces) await file.write(piece);
    await file.close();
  } catch (error) {
    // What stood there before stays.
    await file.abort().catch(() => {});
    throw error;
  }
}
