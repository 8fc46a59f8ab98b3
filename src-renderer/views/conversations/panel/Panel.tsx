import { memo } from 'react';
import { path, type SessionView, type TurnNode } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import { aboutTokens, type Figures, firstTokenMs, rate } from '../../../state/figures.ts';
import { lookOf } from '../../../state/looks.ts';
import { useConnected, useLook, useRoster } from '../../../state/use.ts';
import { count, counted, duration } from '../../../ui/format.ts';
import { Glyph, Running } from '../../../ui/Sign.tsx';
import { BranchSection } from '../branches/BranchSection.tsx';
import type { Branches } from '../branches/useBranches.ts';
import { membersOf } from './members.ts';
import { Sees } from './Sees.tsx';
import './panel.css';

const LAST = 8;

/** Facts about the conversation on screen: who takes part, and how fast they were. */
export const Panel = memo(function Panel({
  view,
  figures,
  branches,
}: {
  view: SessionView;
  figures: Readonly<Record<string, Figures>>;
  branches: Branches;
}) {
  const connected = useConnected();
  const roster = useRoster();
  const branch = path(view);
  const turns = branch.filter((node) => node.kind === 'turn');
  // Of a long conversation only a part is here, and to count that would be misleading.
  const whole = branch[0]?.depth === 0;
  return (
    <aside className="panel" aria-label="Details">
      <Sees view={view} />
      <section>
        <h2>In this session</h2>
        {turns.length === 0 && <p className="text-3 small">Nobody has answered yet.</p>}
        <ul>
          {membersOf(turns).map(({ key, speaker, turns: number, running }) => (
            <li key={key} className="panel-row">
              <Glyph look={lookOf(roster, speaker)} />
              <span className="grow cut" title={`${speaker.model} on ${speaker.providerName}`}>
                {speaker.name}
              </span>
              {running ? (
                <>
                  {connected && <Running look={lookOf(roster, speaker)} />}
                  <span className="text-3 small">{connected ? running : `last seen ${running}`}</span>
                </>
              ) : (
                whole && <span className="text-3 small">{counted(number, 'turn')}</span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <BranchSection session={view.id} branches={branches} />
      {turns.length > 0 && (
        <section>
          <h2 id="last-turns">Last turns</h2>
          <table aria-labelledby="last-turns">
            <colgroup>
              <col />
              <col className="panel-first" />
              <col className="panel-rate" />
              <col className="panel-tokens" />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Turn</th>
                <th scope="col">First</th>
                <th scope="col">tok/s</th>
                <th scope="col">Tokens</th>
              </tr>
            </thead>
            <tbody>
              {turns
                .slice(-LAST)
                .reverse()
                .map((turn) => (
                  <LastTurn key={turn.id} turn={turn} figures={figures[turn.id]} />
                ))}
            </tbody>
          </table>
        </section>
      )}
    </aside>
  );
});

function LastTurn({ turn, figures }: { turn: TurnNode; figures: Figures | undefined }) {
  const { speaker, timing, usage, state, text } = turn;
  const look = useLook(speaker);
  const running = isRunning(state);
  const first = figures === undefined ? timing?.firstTokenMs : firstTokenMs(figures);
  const perS = figures === undefined ? timing?.tokensPerSecond : rate(figures);
  const tokens = running && text !== '' ? aboutTokens(text.length) : usage?.output;
  const none = <span className="text-3">none</span>;
  return (
    <tr>
      <td>
        <span className="row">
          <Glyph look={look} dense />
          <span className="cut grow" title={speaker.name}>
            {speaker.name}
          </span>
        </span>
      </td>
      <td>{first == null ? none : duration(first)}</td>
      <td>{perS == null || speaker.offline ? none : count(perS)}</td>
      <td>{tokens === undefined || speaker.offline ? none : count(tokens)}</td>
    </tr>
  );
}
