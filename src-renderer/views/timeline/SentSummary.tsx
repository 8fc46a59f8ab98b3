import type { Bar } from '../../state/timeline/bar.ts';
import { count, counted } from '../../ui/format.ts';
import { CopyAll, ShowSent } from '../sent/Sent.tsx';

type Sent = NonNullable<Bar['sent']>;

/** What was really sent for a turn, in figures; the texts are one press away. */
export function SentSummary({ session, bar }: { session: string; bar: Bar }) {
  const { sent } = bar;
  return (
    <section>
      <h2>Really sent</h2>
      {sent === null ? (
        <p className="text-3">{bar.work === null ? 'Nothing yet.' : 'Not recorded for this turn.'}</p>
      ) : (
        <>
          <Figures sent={sent} />
          <div className="row tl-sent-actions">
            <ShowSent session={session} turn={bar.turn} />
            <CopyAll session={session} turn={bar.turn} />
          </div>
        </>
      )}
    </section>
  );
}

function Figures({ sent }: { sent: Sent }) {
  const { system, summary, pinned, messages, tokens, leftOut, total, budget, estimated } = sent;
  const rows: [what: string, tokens: number][] = [];
  if (system !== null) rows.push(['System text', system.tokens]);
  if (summary !== null) rows.push(['Summary of what is older', summary.tokens]);
  if (pinned.length > 0)
    rows.push([`Pinned, ${counted(pinned.length, 'message')}`, pinned.reduce((sum, each) => sum + each.tokens, 0)]);
  rows.push([messages === 1 ? 'The message' : `Last ${counted(messages, 'message')}`, tokens]);
  return (
    <>
      <table className="tl-sent">
        <tbody>
          {rows.map(([what, each]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{count(each)}</td>
            </tr>
          ))}
          {leftOut !== null && (
            <tr className="text-3">
              <th scope="row">Left out, {count(leftOut.messages)} older</th>
              <td>about {count(leftOut.tokens)}</td>
            </tr>
          )}
        </tbody>
      </table>
      <p className="text-3 small tl-total">
        {estimated ? 'about ' : ''}
        {counted(total, 'token')} of {count(budget.tokens)}
      </p>
    </>
  );
}
