import type { Job } from '#shared/domain/jobs.ts';
import { Problem } from '#shared/domain/problem.ts';
import { type Call, type Handlers, written } from './call.ts';
import { itemsOf } from './follow.ts';

/** Bytes of a piece in which a file comes and goes. */
const PIECE = 300_000;

export const transferHandlers: Pick<Handlers, 'exportSession' | 'importSession'> = {
  async exportSession({ params: { session } }, call) {
    const { job } = await call.guest.call('exports.start', { sessions: [session], format: 'json' });
    const { result } = await ended(job, call);
    const { id: file } = result!.file!;
    const pieces: Buffer[] = [];
    for (let offset = 0, end = false; !end; ) {
      const read = await call.guest.call('files.read', { file, offset });
      const piece = Buffer.from(read.piece, 'base64');
      pieces.push(piece);
      offset += piece.length;
      end = read.end;
    }
    await call.guest.call('files.forget', { file });
    call.reply.code(200).type('application/json; charset=utf-8').send(Buffer.concat(pieces));
    return written;
  },

  async importSession({ body }, call) {
    const bytes = Buffer.from(JSON.stringify(body));
    const { file } = await call.guest.call('files.begin', { name: 'session.json', bytes: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += PIECE) {
      const piece = bytes.subarray(offset, offset + PIECE).toString('base64');
      await call.guest.call('files.write', { file, offset, piece });
    }
    const { job } = await call.guest.call('imports.start', { file });
    const { result } = await ended(job, call);
    return { session_id: result!.session! };
  },
};

/** Waits for the end of a job. Throws what went wrong with it; when nobody waits any more it is cancelled. */
async function ended(id: string, call: Call): Promise<Job> {
  const source = await call.guest.open('jobs.follow', {});
  try {
    for await (const item of itemsOf<{ jobs: Job[] }>(source, call.signal)) {
      const job = item === 'idle' ? undefined : item.jobs.find((each) => each.id === id);
      if (job === undefined || job.state === 'running') continue;
      if (job.state === 'done') return job;
      const { code, message, next } = job.problem ?? { code: 'STOPPED', message: 'It was cancelled.' };
      throw new Problem(code, message, next);
    }
    throw new Problem('STOPPED', 'Choragus ends.', 'Try again when it runs.');
  } finally {
    await call.guest.call('jobs.cancel', { job: id }).catch(() => {});
  }
}
