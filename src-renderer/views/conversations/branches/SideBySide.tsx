import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef } from 'react';
import type { Node, SessionView } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import { useAfter, useApp, useConnected, useLook } from '../../../state/use.ts';
import { Markdown } from '../../../ui/markdown/Markdown.tsx';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Glyph, Running, Sign } from '../../../ui/Sign.tsx';
import { pressed } from '../../shortcuts.ts';
import { endFacts } from '../thread/facts.ts';
import type { Named } from './branch-words.ts';
import type { Compared } from './compare-context.ts';
import type { Branches } from './useBranches.ts';
import { type Column, useColumns } from './useColumns.ts';
import './side-by-side.css';

interface SideBySideProps {
  session: string;
  view: SessionView;
  compared: Compared;
  branches: Branches;
  onCompare: (compared: Compared) => void;
  onClose: () => void;
}

/** Two branches of a session from where they part; both scroll together, Escape ends it. */
export function SideBySide({ session, view, compared, branches, onCompare, onClose }: SideBySideProps) {
  const app = useApp();
  const { columns, problem, more } = useColumns(session, compared.left, compared.right);
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.focus(), []);
  useLeave(onClose);
  const goOn = (head: string) => {
    if (head !== view.head) void app.act(session, 'sessions.select', { session, node: head });
    onClose();
  };
  const side = (index: 0 | 1) => {
    const column = columns?.columns[index];
    const other = columns?.columns[1 - index];
    if (column === undefined) return <Loading key={index} />;
    return (
      <section key={index} className="beside-column" aria-label={index === 0 ? 'Left' : 'Right'}>
        <ColumnHead
          column={column}
          branches={branches}
          taken={other?.head}
          onChoose={(branch) =>
            onCompare(index === 0 ? { ...compared, left: branch.head } : { ...compared, right: branch.head })
          }
          onGoOn={() => goOn(column.head)}
        />
        {column.nodes.map((node) => (
          <Item key={node.id} node={view.nodes[node.id] ?? node} />
        ))}
        {column.nodes.length === 0 && <p className="text-3">It ends where the other one goes on.</p>}
      </section>
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and has to be reached by keyboard.
    <section className="beside" ref={place} tabIndex={0} aria-label="Two branches side by side">
      {problem !== null && <ProblemLine problem={problem} />}
      {columns?.common != null && <Common node={columns.common} number={columns.parting} />}
      <div className="beside-columns">
        {side(0)}
        {side(1)}
      </div>
      {columns?.columns.some((each) => each.more) && (
        <button type="button" className="button bare small beside-more" onClick={() => void more()}>
          Show more
        </button>
      )}
    </section>
  );
}

/** Before anybody else who wants the key: what runs is not stopped by it. */
function useLeave(onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!pressed(event, 'endComparison') || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      // A menu that is open is left first.
      if (document.querySelector('[data-radix-popper-content-wrapper]') !== null) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    addEventListener('keydown', listen, { capture: true });
    return () => removeEventListener('keydown', listen, { capture: true });
  }, []);
}

interface ColumnHeadProps {
  column: Column;
  branches: Branches;
  taken: string | undefined;
  onChoose: (branch: Named) => void;
  onGoOn: () => void;
}

function ColumnHead({ column, branches: { branches }, taken, onChoose, onGoOn }: ColumnHeadProps) {
  const connected = useConnected();
  const current = branches.find(({ head }) => head === column.head);
  return (
    <header className="beside-head">
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          className="branch-chip"
          aria-label={`Branch in this column: ${current?.label ?? 'not listed'}`}
        >
          <Sign name="branch" dense />
          <span className="cut">{current?.label ?? 'a branch'}</span>
          <Sign name="down" dense />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="float menu" align="start" sideOffset={4} collisionPadding={8}>
            {branches.map((branch) => (
              <DropdownMenu.Item
                key={branch.branch}
                className="menu-item"
                disabled={branch.head === taken}
                onSelect={() => onChoose(branch)}
              >
                <Sign name="branch" dense />
                <span className="grow cut">{branch.label}</span>
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <span className="grow" />
      <button type="button" className="button small" disabled={!connected} onClick={onGoOn}>
        Go on with this
      </button>
    </header>
  );
}

/** The last that both branches have: mostly the question. */
function Common({ node, number }: { node: Node; number: number }) {
  const look = useLook(node.kind === 'turn' ? node.speaker : {});
  return (
    <div className="beside-common" data-sp={look?.colour}>
      <span className="avatar" aria-hidden="true">
        {node.kind === 'turn' ? <Glyph look={look} /> : <Sign name="you" />}
      </span>
      <p className="grow">
        <span className="unseen">{node.kind === 'turn' ? node.speaker.name : 'You'}: </span>
        {node.text}
      </p>
      <span className="text-3 small">part after {number}</span>
    </div>
  );
}

function Item({ node }: { node: Node }) {
  const look = useLook(node.kind === 'turn' ? node.speaker : {});
  const connected = useConnected();
  if (node.kind === 'message')
    return (
      <article className="beside-item" aria-label="You">
        <p className="by">
          <Sign name="you" dense />
          <b>You</b>
        </p>
        <div className="own">
          <Markdown text={node.text} />
        </div>
      </article>
    );
  const running = isRunning(node.state);
  return (
    <article className="beside-item" data-sp={look?.colour} aria-label={node.speaker.name}>
      <p className="by">
        <Glyph look={look} dense />
        <b>{node.speaker.name}</b>
        <span className="text-3 small cut">{node.speaker.model}</span>
        <span className="grow" />
        {running && connected && <Running look={look} label="running" />}
      </p>
      <Markdown text={node.text} live={running} seams={node.seams} />
      {!running && <p className="text-3 small">{endFacts(node).join(' · ')}</p>}
    </article>
  );
}

function Loading() {
  const late = useAfter(300);
  return <section className="beside-column">{late && <Running label="Loading" />}</section>;
}
