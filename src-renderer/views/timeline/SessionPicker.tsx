import { Command } from 'cmdk';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Speaker } from '#shared/domain/things.ts';
import { useApp, useLook, useToday } from '../../state/use.ts';
import { byLetters } from '../../ui/letters.ts';
import { Matched } from '../../ui/Matched.tsx';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import { shortTime } from '../../ui/time.ts';
import { SessionSign } from '../conversations/list/SessionSign.tsx';
import '../../ui/choice.css';

interface SessionPickerProps {
  session: string | null;
  title: string;
  /** Who answered last in it. */
  speaker: Speaker | null;
}

/** Which session one looks at. */
export function SessionPicker({ session, title, speaker }: SessionPickerProps) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const look = useLook(speaker ?? {});
  const today = useToday();
  const { rows, more, loading } = useStore(app.sessions.store);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="tl-chip tl-session" aria-label={`Session: ${title}`}>
        {speaker === null ? <Sign name="clock" dense /> : <Glyph look={look} dense />}
        <h1 className="cut">{title}</h1>
        <Sign name="down" dense />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="float tl-sessions"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Sessions"
        >
          <Command label="Sessions" loop vimBindings={false} filter={byLetters}>
            <div className="choice-field">
              <Sign name="search" dense />
              <Command.Input placeholder="Session" value={query} onValueChange={setQuery} />
            </div>
            <Command.List className="choice-list" label="Sessions">
              <Command.Empty className="choice-empty">Nothing by this name.</Command.Empty>
              {rows.map((row) => (
                <Command.Item
                  key={row.id}
                  value={row.id}
                  keywords={[row.title]}
                  className="choice"
                  onSelect={() => {
                    setOpen(false);
                    app.goToTimeline(row.id);
                  }}
                >
                  <SessionSign row={row} />
                  <span className="grow cut">
                    <Matched text={row.title} query={query} />
                  </span>
                  <span className="choice-end">
                    {row.id === session ? 'on screen' : shortTime(row.updatedAt, today)}
                  </span>
                </Command.Item>
              ))}
              {more && (
                <Command.Item
                  value="older sessions"
                  keywords={['Load older sessions']}
                  className="choice"
                  onSelect={() => void app.sessions.loadMore()}
                >
                  <Sign name="latest" />
                  <span className="grow">{loading ? 'Loading older sessions' : 'Load older sessions'}</span>
                </Command.Item>
              )}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
