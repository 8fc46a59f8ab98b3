/** The same index, asked by hand: rows that match, from the newest volume on until there are enough, or the best of all. */
import type { Database, Statement } from 'better-sqlite3';
import { volumeName, volumesOf } from '../../src-main/log/search-tables.ts';

export function bareSearch(db: Database, order: 'newest' | 'best', limit: number): (word: string) => number[] {
  const by = order === 'newest' ? 'rowid DESC' : 'rank';
  const statements = volumesOf(db).map((volume) => {
    const name = volumeName(volume);
    return db.prepare(`SELECT rowid, rank FROM ${name} WHERE ${name} MATCH ? ORDER BY ${by} LIMIT ${limit}`);
  }) as Statement<[string], { rowid: number; rank: number }>[];
  return (word) => {
    const found: { rowid: number; rank: number }[] = [];
    for (const statement of statements) {
      found.push(...statement.all(`text : "${word}"*`));
      if (order === 'newest' && found.length >= limit) break;
    }
    if (order === 'best') found.sort((a, b) => a.rank - b.rank);
    return found.slice(0, limit).map(({ rowid }) => rowid);
  };
}
