import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event, NewEvent } from '#shared/domain/events.ts';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

interface Known {
  id: string;
  kind: 'message' | 'turn';
  parent: string | null;
  seq: number;
  at: number;
  /** Of all text from the root to here, as it was known when this or its end was written. */
  units: number;
}

/** A tree of nodes and what hangs on it, kept in the plainest way: everything is found by walking. */
class Model {
  readonly nodes = new Map<string, Known>();
  /** Units of all text. */
  text = 0;
  readonly heads: [seq: number, head: string][] = [];
  readonly pins = new Set<string>();
  readonly names = new Map<string, string>();
  readonly summaries: { summary: string; upTo: string }[] = [];

  take(event: Event): void {
    const { seq, at } = event;
    if (event.type === 'message.added' || event.type === 'turn.finished') this.text += event.data.text.length;
    if (event.type === 'message.added') {
      const { message: id, parent, text } = event.data;
      this.nodes.set(id, { id, kind: 'message', parent, seq, at, units: this.units(parent) + text.length });
      this.heads.push([seq, id]);
    } else if (event.type === 'turn.requested') {
      const { turn: id, parent } = event.data;
      this.nodes.set(id, { id, kind: 'turn', parent, seq, at, units: this.units(parent) });
      this.heads.push([seq, id]);
    } else if (event.type === 'turn.finished') {
      const turn = this.nodes.get(event.data.turn)!;
      turn.units = this.units(turn.parent) + event.data.text.length;
      turn.at = at;
    } else if (event.type === 'head.moved') this.heads.push([seq, event.data.head]);
    else if (event.type === 'node.pinned' && event.data.pinned) this.pins.add(event.data.node);
    else if (event.type === 'node.pinned') this.pins.delete(event.data.node);
    else if (event.type === 'branch.named' && event.data.name === null) this.names.delete(event.data.branch);
    else if (event.type === 'branch.named') this.names.set(event.data.branch, event.data.name!);
    else if (event.type === 'history.summarized') this.summaries.push(event.data);
  }

  units = (id: string | null): number => (id === null ? 0 : this.nodes.get(id)!.units);

  path(id: string): Known[] {
    const node = this.nodes.get(id)!;
    return node.parent === null ? [node] : [...this.path(node.parent), node];
  }

  children(id: string | null): Known[] {
    return [...this.nodes.values()].filter((node) => node.parent === id).sort((a, b) => a.seq - b.seq);
  }

  leaf(id: string): string {
    const newest = this.children(id).at(-1);
    return newest === undefined ? id : this.leaf(newest.id);
  }

  head(seq = Number.POSITIVE_INFINITY): string | null {
    return this.heads.findLast(([moved]) => moved <= seq)?.[1] ?? null;
  }

  line(id: string): Known[] {
    const node = this.nodes.get(id)!;
    const first = this.children(id)[0];
    return first === undefined ? [node] : [node, ...this.line(first.id)];
  }

  begins(node: Known): boolean {
    const first = this.children(node.parent)[0];
    return node.parent === null || first!.id !== node.id;
  }

  branches() {
    const shown = this.head();
    return [...this.nodes.values()]
      .filter((node) => this.begins(node))
      .map((first) => ({ first, line: this.line(first.id) }))
      .sort((a, b) => b.line.at(-1)!.seq - a.line.at(-1)!.seq)
      .map(({ first, line }) => ({
        branch: first.id,
        name: this.names.get(first.id) ?? null,
        head: line.at(-1)!.id,
        parent: first.parent,
        depth: this.path(first.id).length - 1,
        nodes: line.length,
        updatedAt: line.at(-1)!.at,
        shown: line.some(({ id }) => id === shown),
      }));
  }

  family({ parent, kind }: Known): string[] {
    return this.children(parent)
      .filter((node) => node.kind === kind)
      .map(({ id }) => id);
  }
}

/** Some are UUIDs, some are not. */
const idOf = (count: number) =>
  count % 3 === 0 ? `n${count}` : `00000000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;

/** Builds a session from choices: what may be chosen, and what comes of it. */
function* story(steps: readonly number[], model: Model): Generator<NewEvent> {
  const running = new Set<string>();
  let count = 0;
  for (const step of steps) {
    let dice = step;
    const roll = (sides: number) => {
      dice = (Math.imul(dice, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (dice >>> 8) % sides;
    };
    const pick = <T>(from: readonly T[]): T => from[roll(from.length)]!;
    const all = [...model.nodes.values()];
    const text = 'x'.repeat(roll(30));
    // Mostly where the conversation is, sometimes anywhere.
    const near = roll(3) > 0 ? all.slice(-2) : all;
    if (all.length === 0 || roll(12) === 0) yield message(idOf(++count), text);
    else if (roll(10) === 0) yield { type: 'head.moved', data: { head: pick(all).id } };
    else if (roll(13) === 0) yield { type: 'node.pinned', data: { node: pick(all).id, pinned: roll(3) > 0 } };
    else if (roll(14) === 0) yield { type: 'branch.named', data: { branch: pick(all).id, name: pick([null, text]) } };
    else if (roll(8) === 0)
      yield {
        type: 'history.summarized',
        data: { summary: `s${++count}`, upTo: pick(all).id, after: null, text, by: null },
      };
    else if (running.size > 0 && roll(2) === 0) {
      const turn = pick([...running]);
      running.delete(turn);
      yield finished(turn, text);
    } else {
      const { id } = pick(near);
      const kind = pick([message, requested]);
      const event = kind === message ? message(idOf(++count), text, id) : requested(idOf(++count), id);
      if (event.type === 'turn.requested') running.add(event.data.turn);
      yield event;
    }
  }
}

async function told(log: Log, session: string, steps: readonly number[]) {
  const model = new Model();
  await log.append(batch(session, [created()]));
  const sequences: number[] = [];
  for (const event of story(steps, model)) {
    folder.clock.advance(1);
    const [written] = await log.append(batch(session, [event]));
    model.take(written!);
    sequences.push(written!.seq);
  }
  return { model, sequences };
}

const steps = (least = 1) => fc.array(fc.nat(1_000_000), { minLength: least, maxLength: 150, size: 'max' });
const isMessage = ({ kind }: Known) => kind === 'message';
const ids = (nodes: readonly { id: string }[]) => nodes.map(({ id }) => id);

describe('the tree of a session', () => {
  it('finds paths, leaves, branches and what hangs on them as one does who walks', async () => {
    const log = folder.open();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(steps(), fc.integer({ min: 1, max: 12 }), async (all, limit) => {
        const session = `s${++count}`;
        const { model, sequences } = await told(log, session, all);
        const nodes = [...model.nodes.values()];
        const branches = await log.branches(session, 1000);
        expect(branches).toEqual({ branches: model.branches(), total: model.branches().length });
        for (const node of nodes) {
          const path = model.path(node.id);
          const up = await log.up(session, node.id, limit);
          const wanted = path.slice(-limit);
          expect(ids(up.nodes)).toEqual(ids(wanted));
          expect(up.nodes.map(({ depth }) => depth)).toEqual(wanted.map((each) => path.indexOf(each)));
          expect([up.depth, up.before]).toEqual([path.length - wanted.length, model.units(wanted[0]!.parent)]);
          expect(await log.leaf(session, node.id)).toBe(model.leaf(node.id));

          const pinned = await log.pinned(session, node.id);
          expect(ids(pinned)).toEqual(ids(path.filter(({ id }) => model.pins.has(id))));
          const summary = model.summaries.findLast(({ upTo }) => path.some(({ id }) => id === upTo));
          const found = await log.summaryOn(session, node.id);
          expect(found?.data.summary).toBe(summary?.summary);
          if (found !== null) expect(found.depth).toBe(path.findIndex(({ id }) => id === found.data.upTo));
        }
        const asked = ids(nodes).reverse();
        const whole = await log.nodes(session, [...asked, 'none', asked[0] ?? 'none']);
        expect(whole.nodes.map(({ id, depth }) => [id, depth])).toEqual(
          asked.map((id) => [id, model.path(id).length - 1]),
        );
        for (const seq of sequences) expect(await log.headAt(session, seq)).toBe(model.head(seq));
        const { sessions } = await log.summaries({ limit: 1, only: session });
        expect(sessions[0]).toMatchObject({ units: model.text, messages: nodes.filter(isMessage).length });
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('gives any page of any path', async () => {
    const log = folder.open();
    let count = 0;
    const where = fc.record({
      to: fc.option(fc.nat(1000), { nil: undefined }),
      around: fc.option(fc.nat(1000), { nil: undefined }),
      from: fc.option(fc.nat(60), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(steps(), fc.array(where, { minLength: 5, maxLength: 20 }), async (all, pages) => {
        const session = `s${++count}`;
        const { model } = await told(log, session, all);
        const nodes = [...model.nodes.values()];
        const node = (choice: number | undefined) =>
          choice === undefined ? undefined : nodes[choice % nodes.length]!.id;
        for (const { limit, from, ...choice } of pages) {
          const [to, around] = [node(choice.to), node(choice.around)];
          let path = model.path(to ?? model.head()!);
          if (around !== undefined && !path.some(({ id }) => id === around)) path = model.path(model.leaf(around));
          const last = Math.max(0, path.length - limit);
          const middle = path.findIndex(({ id }) => id === around) - (limit >> 1);
          const first =
            around === undefined ? Math.min(from ?? last, path.length) : Math.max(0, Math.min(middle, last));
          const wanted = path.slice(first, first + limit);
          const asked = { limit, ...(to && { to }), ...(around && { around }), ...(from !== undefined && { from }) };
          const page = await log.path(session, asked);
          expect(page).toMatchObject({ head: path.at(-1)!.id, length: path.length, from: first });
          expect(ids(page!.nodes)).toEqual(ids(wanted));
          const families = wanted.map((each) => [each.id, model.family(each)] as const);
          expect(page!.families).toEqual(Object.fromEntries(families.filter(([, family]) => family.length > 1)));
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('finds its way in a path of many branches', async () => {
    const log = folder.open();
    const model = new Model();
    const tell = async (event: NewEvent) => {
      for (const each of await log.append(batch('s', [event]))) model.take(each);
    };
    await log.append(batch('s', [created()]));
    let parent: string | null = null;
    // Every answer is tried twice, so that every exchange begins a branch.
    for (let count = 0; count < 100; count++) {
      await tell(message(`m${count}`, 'Why?', parent));
      await tell(requested(`t${count}`, `m${count}`));
      await tell(finished(`t${count}`, 'So.'));
      await tell(requested(`u${count}`, `m${count}`));
      await tell(finished(`u${count}`, 'Or so.'));
      parent = `u${count}`;
    }
    const path = model.path('u99');
    expect((await log.branches('s', 10)).total).toBe(101);
    for (const from of [0, 1, 49, 50, 130, 199]) {
      const page = (await log.path('s', { from, limit: 5 }))!;
      expect(ids(page.nodes)).toEqual(ids(path.slice(from, from + 5)));
      expect(page.nodes.map(({ depth }) => depth)).toEqual(page.nodes.map((_, index) => from + index));
    }
    expect(await log.leaf('s', 'm0')).toBe('u99');
    expect(await log.leaf('s', 't50')).toBe('t50');
    expect((await log.up('s', 'm60', 3)).before).toBe(59 * 'Why?Or so.'.length);
  });

  it('what is not there has no page, no leaf and no head', async () => {
    const log = folder.open();
    await log.append(batch('s', [created()]));
    expect([await log.path('s', { limit: 5 }), await log.headAt('s', 1)]).toEqual([null, null]);
    await log.append(batch('s', [message('m', 'Hello')]));
    const pages = [{ to: 'none' }, { around: 'none' }, { to: 'none', around: 'm' }].map((page) =>
      log.path('s', { ...page, limit: 5 }),
    );
    expect(await Promise.all(pages)).toEqual([null, null, null]);
    expect(await log.path('s', { from: 7, limit: 5 })).toMatchObject({ head: 'm', length: 1, from: 1, nodes: [] });
    expect([await log.leaf('s', 'none'), await log.summaryOn('s', 'none'), await log.pinned('s', 'none')]).toEqual([
      null,
      null,
      [],
    ]);
  });

  it('an id that is taken in the session is refused, in another it is free', async () => {
    const log = folder.open();
    await log.append(batch('a', [created(), message('m', 'Hello')]));
    await log.append(batch('b', [created(), message('m', 'Hello')]));
    await expect(log.append(batch('a', [message('m', 'Again')]))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await log.nodes('a', ['m'])).nodes).toMatchObject([{ id: 'm', text: 'Hello' }]);
  });

  it('ids that end alike are told apart', async () => {
    const log = folder.open();
    const all = [
      'one-0001',
      'two-0001',
      '0001',
      '11111111-0000-7000-8000-0000aaaaaaaa',
      '22222222-0000-7000-8000-0000aaaaaaaa',
    ];
    await log.append(batch('s', [created(), ...all.map((id) => message(id, id))]));
    expect((await log.nodes('s', all)).nodes.map((node) => (node.kind === 'message' ? node.text : ''))).toEqual(all);
    expect((await log.nodes('s', ['three-0001'])).nodes).toEqual([]);
  });
});
