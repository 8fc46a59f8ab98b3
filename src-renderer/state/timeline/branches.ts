/** A line of the tree: it begins beside an older sibling, or at the root, and goes on through oldest children. */
export interface BranchLine {
  /** The node with which it begins. */
  id: string;
  name: string | null;
  /** The first words of its first message. */
  words: string;
  parent: string | null;
  /** Its newest node, and how deep that lies. */
  head: string;
  depth: number;
}

interface Place {
  branch: string;
  depth: number;
  /** It has a child, which goes on with its branch. */
  goesOn: boolean;
}

/** Which branch each message and answer belongs to. */
export class Branches {
  readonly lines = new Map<string, BranchLine>();
  readonly #places = new Map<string, Place>();
  readonly #names = new Map<string, string>();

  add(node: string, parent: string | null, words: string): void {
    const above = parent === null ? undefined : this.#places.get(parent);
    const goesOn = above !== undefined && !above.goesOn;
    const branch = goesOn ? above.branch : node;
    const depth = above === undefined ? 0 : above.depth + 1;
    if (above !== undefined) above.goesOn = true;
    this.#places.set(node, { branch, depth, goesOn: false });
    const line = this.lines.get(branch);
    if (line === undefined) {
      const name = this.#names.get(node) ?? (this.lines.size === 0 ? 'main' : null);
      this.lines.set(branch, { id: branch, name, words, parent, head: node, depth });
    } else {
      line.head = node;
      line.depth = depth;
      line.words ||= words;
    }
  }

  name(branch: string, name: string | null): void {
    const [first] = this.lines.keys();
    const shown = name ?? (branch === first ? 'main' : null);
    if (name === null) this.#names.delete(branch);
    else this.#names.set(branch, name);
    const line = this.lines.get(branch);
    if (line !== undefined) line.name = shown;
  }

  /** Tells which nodes lie on the path from the root to the end of a branch. */
  pathTo(branch: string): (node: string) => boolean {
    const depths = new Map<string, number>();
    for (let line = this.lines.get(branch), depth = line?.depth ?? 0; line !== undefined; ) {
      depths.set(line.id, depth);
      const above = line.parent === null ? undefined : this.#places.get(line.parent);
      depth = above?.depth ?? 0;
      line = above && this.lines.get(above.branch);
    }
    return (node) => {
      const place = this.#places.get(node);
      return place !== undefined && place.depth <= (depths.get(place.branch) ?? -1);
    };
  }
}
