import { Command } from 'cmdk';
import { memo } from 'react';
import type { Hit } from '#shared/domain/search.ts';
import { useLook, useToday } from '../../state/use.ts';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import { fullTime, messageTime } from '../../ui/time.ts';

export const hitKey = ({ session, node }: Hit): string => `${session} ${node}`;

/** Who said it, in which session, when; below that the words around what was looked for. */
export const HitRow = memo(function HitRow({ hit, onOpen }: { hit: Hit; onOpen: (hit: Hit) => void }) {
  const { by, title, at, snippet } = hit;
  const today = useToday();
  return (
    <Command.Item value={hitKey(hit)} className="choice search-hit" onSelect={() => onOpen(hit)}>
      {by === null ? <Sign name="you" /> : <Answerer by={by} />}
      <div className="grow">
        <div className="row">
          <span className="search-by cut">{by?.name ?? 'You'}</span>
          <span className="search-title cut grow">
            <span className="unseen">in </span>
            {title}
          </span>
          {tagsOf(hit).map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
          <time className="choice-end" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
            {messageTime(at, today)}
          </time>
        </div>
        <p className="search-snippet">
          {snippet.map(({ text, hit }, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which never move
            hit ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
          )}
        </p>
      </div>
    </Command.Item>
  );
});

function Answerer({ by }: { by: NonNullable<Hit['by']> }) {
  const look = useLook({ specialist: by.specialist ?? undefined, look: by.look ?? undefined });
  return <Glyph look={look} />;
}

function tagsOf({ trashed, archived, shown }: Hit): string[] {
  const place = trashed ? ['in the trash'] : archived ? ['archived'] : [];
  return shown ? place : [...place, 'another branch'];
}
