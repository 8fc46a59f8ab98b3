import { useEffect, useState } from 'react';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Node } from '#shared/domain/session.ts';
import { useApp } from '../../../state/use.ts';
import { type AskPath, partingOf } from './parting.ts';

/** Of one of two branches, from where they part. */
export interface Column {
  head: string;
  nodes: readonly Node[];
  /** There are more below. */
  more: boolean;
}

export interface Columns {
  /** The last that both have; null when they part at the root. */
  common: Node | null;
  /** Steps from the root to where they part. */
  parting: number;
  columns: readonly [Column, Column];
}

const PAGE = 30;

/** Two branches, each given by a node on it, from where they part; more of them on demand. */
export function useColumns(session: string, left: string, right: string) {
  const app = useApp();
  const [columns, setColumns] = useState<Columns | null>(null);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const ask: AskPath = (params) => app.ask('sessions.path', { session, ...params });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is made of what is named.
  useEffect(() => {
    let here = true;
    setProblem(null);
    load(ask, left, right).then(
      (loaded) => here && setColumns(loaded),
      (error: unknown) => here && setProblem(Problem.of(error).toBody()),
    );
    return () => {
      here = false;
    };
  }, [app, session, left, right]);
  const more = async () => {
    if (columns === null) return;
    try {
      const grown = await Promise.all(columns.columns.map((column) => next(ask, columns.parting, column)));
      setColumns((now) => (now === columns ? { ...columns, columns: [grown[0]!, grown[1]!] } : now));
    } catch (error) {
      setProblem(Problem.of(error).toBody());
    }
  };
  return { columns, problem, more };
}

async function load(ask: AskPath, left: string, right: string): Promise<Columns> {
  const [a, b] = await Promise.all([left, right].map((around) => ask({ around, limit: 1 })));
  const parting = await partingOf(ask, a!, b!);
  const empty = (head: string): Column => ({ head, nodes: [], more: true });
  const [common, one, other] = await Promise.all([
    parting === 0 ? null : ask({ to: a!.head, from: parting - 1, limit: 1 }),
    next(ask, parting, empty(a!.head)),
    next(ask, parting, empty(b!.head)),
  ]);
  return { common: common?.nodes[0] ?? null, parting, columns: [one, other] };
}

async function next(ask: AskPath, parting: number, column: Column): Promise<Column> {
  if (!column.more) return column;
  const from = parting + column.nodes.length;
  const page = await ask({ to: column.head, from, limit: PAGE });
  const nodes = [...column.nodes, ...page.nodes];
  return { ...column, nodes, more: page.nodes.length > 0 && parting + nodes.length < page.length };
}
