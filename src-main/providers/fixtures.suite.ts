import { expect, it } from 'vitest';
import type { ProviderKind } from '#shared/domain/providers.ts';
import type { FinishReason, Usage } from '#shared/domain/things.ts';
import type { ProviderPart } from './provider.ts';
import { fixture, readAs } from './testing/reading.ts';

/** What is to be read out of a fixture; what it does not have is left out. */
export interface Reading {
  /** Its path in this folder. */
  file: string;
  /** Piece by piece. */
  reasoning?: readonly string[];
  text?: readonly string[];
  calls?: readonly { id: string; name: string; input: string }[];
  usage?: Usage;
  finish: FinishReason;
}

/** In the order in which services tell it. */
const partsOf = ({ reasoning = [], text = [], calls = [], usage, finish }: Reading): ProviderPart[] => [
  { type: 'start' },
  ...reasoning.map((each) => ({ type: 'reasoning' as const, text: each })),
  ...text.map((each) => ({ type: 'delta' as const, text: each })),
  ...calls.map((each) => ({ type: 'tool-call' as const, ...each })),
  ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
  { type: 'finish', reason: finish },
];

/** Plays each fixture through a whole provider of this kind, and expects these parts and no others. */
export function reads(kind: ProviderKind, readings: Record<string, Reading>, bytes = (file: Buffer) => [file]) {
  it.each(Object.entries(readings))('are read: %s', async (_, reading) => {
    const read = await readAs(kind, bytes(fixture(reading.file)));
    expect(read).toEqual({ parts: partsOf(reading), error: undefined });
  });
}
