import type { SessionSummary } from '#shared/domain/summary.ts';
import { useSessionLook } from '../../../state/use.ts';
import { Glyph, Sign } from '../../../ui/Sign.tsx';

/** Who answered last in a session; a clock where nobody did and nobody is known. */
export function SessionSign({ row, dense = false }: { row: Pick<SessionSummary, 'last' | 'to'>; dense?: boolean }) {
  const look = useSessionLook(row);
  return row.last === null && look === undefined ? (
    <Sign name="clock" dense={dense} />
  ) : (
    <Glyph look={look} dense={dense} />
  );
}
