import type { Node } from '#shared/domain/session.ts';
import { FileNames } from '../file-names.ts';
import { markdownHead, markdownOf } from '../markdown.ts';
import { endings } from './endings.ts';
import { JsonWriter } from './json-writer.ts';
import type { ExportPiece, Format, Opening } from './orders.ts';
import { Output } from './output.ts';

type Page = typeof import('../html/page.ts');

/** Writes sessions in one of the formats, as they come. */
export class Exporting {
  readonly #format: Format;
  readonly #output: Output;
  readonly #names = new FileNames();
  #json = new JsonWriter();
  #nodes = 0;
  /** What reads Markdown is loaded where it is needed. */
  #page: Page | undefined;

  constructor({ path, format, zip }: { path: string; format: Format; zip: boolean }) {
    this.#format = format;
    this.#output = new Output(path, zip);
  }

  /** Resolves with the bytes of the file after `close`, which is the last. */
  async take(piece: ExportPiece): Promise<number | undefined> {
    switch (piece.kind) {
      case 'begin': {
        const { opening, updatedAt } = piece;
        if (this.#format === 'html') this.#page ??= await import('../html/page.ts');
        this.#output.begin(this.#names.of(opening.title, endings[this.#format]), updatedAt);
        this.#json = new JsonWriter();
        this.#nodes = 0;
        await this.#output.write(this.#head(opening));
        return;
      }
      case 'events':
        return this.#output.write(this.#json.add(piece.part, piece.events)) as Promise<undefined>;
      case 'all':
        for (const part of ['systems', 'nodes', 'summaries'] as const)
          await this.#output.write(this.#json.add(part, piece.events));
        return;
      case 'path':
        for (const node of piece.nodes) await this.#output.write(this.#node(node));
        return;
      case 'end':
        if (this.#format === 'json') await this.#output.write(this.#json.end());
        await this.#output.write(this.#page?.pageEnd ?? '');
        await this.#output.end();
        return;
      case 'close':
        return this.#output.close();
    }
  }

  #head(opening: Opening): string {
    const { title, at: createdAt } = opening;
    if (this.#format === 'json') return this.#json.begin(opening);
    return (this.#page?.pageHead ?? markdownHead)({ title, createdAt });
  }

  #node(node: Node): string {
    return this.#page?.pageOf(node, this.#nodes++) ?? markdownOf(node);
  }
}
