export const scales = { '10 s': 10_000, '1 min': 60_000, All: null } as const;
export type Scale = keyof typeof scales;
export const speeds = [1, 5, 10, 50] as const;
export type Speed = (typeof speeds)[number];
export type Selection = { kind: 'turn'; turn: string } | { kind: 'event'; seq: number };

/** What of the view is told to everybody around it. */
export interface StageState {
  /** One of the usual ones, as long as nobody zooms. */
  scale: Scale | null;
  /** The end stays in sight. */
  follow: boolean;
  /** Where one looks at: a place of the axis; null: at the end, wherever that is. */
  head: number | null;
  /** What comes after `head` has not happened yet. */
  replay: boolean;
  playing: boolean;
  speed: Speed;
  selected: Selection | null;
  /** A branch that is looked at by itself. */
  branch: string | null;
  /** The end of the axis now. */
  end: number;
}

export const atFirst: StageState = {
  scale: null,
  follow: false,
  head: null,
  replay: false,
  playing: false,
  speed: 1,
  selected: null,
  branch: null,
  end: 0,
};
