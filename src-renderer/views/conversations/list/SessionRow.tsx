import { memo, useRef } from 'react';
import { sessionHref } from '../../../state/route.ts';
import { useApp, useTrouble, useWish } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { NameField } from '../../NameField.tsx';
import { placeOf } from './arrange.ts';
import type { Row } from './rows.ts';
import { SessionEnd } from './SessionEnd.tsx';
import { SessionSign } from './SessionSign.tsx';

interface SessionRowProps {
  row: Row;
  today: number;
  current: boolean;
  /** In the tab order; the arrow keys reach the others. */
  reachable: boolean;
  renaming: boolean;
  onRename: (session: string | null) => void;
  onMenu: (row: Row, at: Element) => void;
}

export const SessionRow = memo(function SessionRow(props: SessionRowProps) {
  const { row, today, current, reachable, renaming, onRename, onMenu } = props;
  const app = useApp();
  const link = useRef<HTMLAnchorElement>(null);
  const trouble = useTrouble(placeOf(row.id));
  const title = useWish(placeOf(row.id), 'sessions.rename')?.title ?? row.title;
  if (renaming)
    return (
      <NameField
        label="Title"
        value={title}
        className="session-rename"
        maxLength={300}
        onDone={(changed) => {
          onRename(null);
          if (changed && changed !== title)
            void app.act(placeOf(row.id), 'sessions.rename', { session: row.id, title: changed });
          requestAnimationFrame(() => link.current?.focus());
        }}
      />
    );
  return (
    <>
      <div className="session-row">
        <a
          ref={link}
          className="session inset"
          href={sessionHref(row.id)}
          data-session={row.id}
          tabIndex={reachable ? 0 : -1}
          aria-current={current ? 'page' : undefined}
          aria-haspopup={row.kept ? undefined : 'menu'}
          title={title}
          onDoubleClick={row.kept || row.arrangement.trashed ? undefined : () => onRename(row.id)}
        >
          <SessionSign row={row} dense />
          <span className="grow cut">{title}</span>
          <SessionEnd row={row} today={today} />
        </a>
        {row.kept === undefined && (
          <button
            type="button"
            className="button bare small icon session-more"
            aria-label="Session actions"
            tabIndex={reachable ? 0 : -1}
            onClick={(event) => onMenu(row, event.currentTarget)}
            data-session={row.id}
          >
            <Sign name="more" dense />
          </button>
        )}
      </div>
      {trouble !== undefined && (
        <div className="session-trouble">
          <ProblemLine problem={trouble} onDismiss={() => app.forgive(placeOf(row.id))} />
        </div>
      )}
    </>
  );
});
