import { memo, useEffect, useRef } from 'react';
import { isRunning } from '#shared/domain/things.ts';
import { sessionHref } from '../../../state/route.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Glyph, Running, Sign } from '../../../ui/Sign.tsx';
import { fullTime, shortTime } from '../../../ui/time.ts';
import type { Row } from './rows.ts';

interface SessionRowProps {
  row: Row;
  today: number;
  current: boolean;
  /** In the tab order; the arrow keys reach the others. */
  reachable: boolean;
  renaming: boolean;
  onRename: (session: string | null) => void;
}

export const SessionRow = memo(function SessionRow(props: SessionRowProps) {
  const { row, today, current, reachable, renaming, onRename } = props;
  const app = useApp();
  const link = useRef<HTMLAnchorElement>(null);
  const trouble = useTrouble(`rename ${row.id}`);
  const specialist =
    row.last?.speaker.specialist ?? (row.to !== null && 'specialist' in row.to ? row.to.specialist : undefined);
  if (renaming)
    return (
      <Rename
        title={row.title}
        onDone={(title) => {
          onRename(null);
          if (title !== undefined && title !== row.title)
            void app.act(`rename ${row.id}`, 'sessions.rename', { session: row.id, title });
          requestAnimationFrame(() => link.current?.focus());
        }}
      />
    );
  return (
    <>
      <a
        ref={link}
        className="session inset"
        href={sessionHref(row.id)}
        data-session={row.id}
        tabIndex={reachable ? 0 : -1}
        aria-current={current ? 'page' : undefined}
        title={row.title}
        onDoubleClick={row.kept ? undefined : () => onRename(row.id)}
      >
        {row.last === null && specialist === undefined ? <Sign name="clock" dense /> : <Glyph of={specialist} dense />}
        <span className="grow cut">{row.title}</span>
        <End row={row} today={today} />
      </a>
      {trouble !== undefined && (
        <div className="session-trouble">
          <ProblemLine problem={trouble} onDismiss={() => app.forgive(`rename ${row.id}`)} />
        </div>
      )}
    </>
  );
});

/** How it stands, or when it was. */
function End({ row, today }: { row: Row; today: number }) {
  const connected = useConnected();
  if (row.kept === 'refused') return <span className="session-end error">not sent</span>;
  if (row.kept === 'kept') return <span className="session-end">kept here</span>;
  const state = row.last?.state;
  if (state !== undefined && isRunning(state) && connected)
    return <Running of={row.last?.speaker.specialist} label="running" />;
  if (state === 'interrupted') return <span className="session-end warn">interrupted</span>;
  if (state === 'failed') return <span className="session-end error">failed</span>;
  return (
    <time className="session-end" dateTime={new Date(row.updatedAt).toISOString()} title={fullTime(row.updatedAt)}>
      {shortTime(row.updatedAt, today)}
    </time>
  );
}

/** Enter and leaving the field keep the new title, Escape the old one. */
function Rename({ title, onDone }: { title: string; onDone: (title?: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (value?: string) => {
    if (done.current) return;
    done.current = true;
    onDone(value?.trim() || undefined);
  };
  return (
    <input
      ref={field}
      className="field session-rename"
      aria-label="Title"
      defaultValue={title}
      maxLength={300}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        finish();
      }}
    />
  );
}
