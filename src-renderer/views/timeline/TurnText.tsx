import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Bar } from '../../state/timeline/bar.ts';
import { useAfter, useApp, useConnected, useLook, useOpenSession } from '../../state/use.ts';

/** Characters of a text that are shown here; all of it stands in the conversation. */
const MOST = 2_000;
const MOST_BRIEFLY = 480;
const MOST_STREAMING = 420;

interface TurnTextProps {
  session: string;
  bar: Bar;
  /** So much of it had come; null: all of it. */
  length: number | null;
  streams: boolean;
  /** Beside others: only its beginning. */
  briefly?: boolean;
}

/** The text of a turn, as far as it had come. */
export function TurnText(props: TurnTextProps) {
  return props.bar.end === null ? <LiveText {...props} /> : <KeptText {...props} />;
}

/** One that runs is heard as the conversation hears it. */
function LiveText({ session, bar, ...rest }: TurnTextProps) {
  const open = useOpenSession(session);
  return <Shown bar={bar} text={open?.view.nodes[bar.turn]?.text} {...rest} />;
}

function KeptText({ session, bar, ...rest }: TurnTextProps) {
  const app = useApp();
  const connected = useConnected();
  const text = useStore(app.texts.store, (texts) => texts.get(bar.turn));
  useEffect(() => {
    if (connected) app.texts.want(session, [bar.turn]);
  }, [app, session, bar.turn, connected]);
  return <Shown bar={bar} text={text} {...rest} />;
}

interface ShownProps extends Pick<TurnTextProps, 'bar' | 'length' | 'streams' | 'briefly'> {
  text: string | null | undefined;
}

function Shown({ bar, text, length, streams, briefly = false }: ShownProps) {
  const look = useLook(bar.speaker);
  const late = useAfter(300);
  if (text === undefined) return <p className="text-3">{late ? 'Loading the text' : ' '}</p>;
  if (text === null) return <p className="text-3">Its text is not there any more.</p>;
  const come = length === null ? text : text.slice(0, length);
  if (come === '') return <p className="text-3">{streams ? 'Only reasoning so far.' : 'No text.'}</p>;
  const most = streams ? MOST_STREAMING : briefly ? MOST_BRIEFLY : MOST;
  const cut = come.length > most;
  // While it comes its end is read, then its beginning.
  const part = !cut ? come : streams ? `…${come.slice(-most).trimStart()}` : `${come.slice(0, most).trimEnd()}…`;
  return (
    <p className="tl-text text-2">
      {part.toWellFormed()}
      {streams && <span className="tl-caret" data-sp={look?.colour} />}
    </p>
  );
}
