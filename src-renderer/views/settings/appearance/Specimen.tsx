import { useRoster } from '../../../state/use.ts';
import { Markdown } from '../../../ui/markdown/Markdown.tsx';
import { Glyph, Sign } from '../../../ui/Sign.tsx';
import '../../conversations/conversations.css';
import '../../conversations/thread/thread.css';
import './specimen.css';

const question = 'Why does the loop go on after a hang-up?';
const answer = `Because it catches *every* error, and a hang-up is one too. One line decides it:

\`\`\`ts
if (signal.aborted) throw signal.reason; // leave at once
\`\`\`

It has to stand **before** the attempt; otherwise the longest wait still holds the socket.`;

/** A message and its answer, at the size and the width that were chosen. */
export function Specimen() {
  const roster = useRoster();
  const somebody = roster?.specialists[0];
  return (
    <section className="specimen" aria-label="Example">
      <h2>Example</h2>
      <div className="specimen-stage">
        <div className="measure">
          <div className="message">
            <span className="avatar" aria-hidden="true">
              <Sign name="you" />
            </span>
            <div className="message-body">
              <div className="by">
                <b>You</b>
                <span className="text-3 small">10:41</span>
              </div>
              <Markdown text={question} />
            </div>
          </div>
          <div className="message" data-sp={somebody?.look.colour}>
            <span className="avatar" aria-hidden="true">
              <Glyph look={somebody?.look} />
            </span>
            <div className="message-body">
              <div className="by">
                <b>{somebody?.name ?? 'A specialist'}</b>
                <span className="text-3 small cut">{somebody?.role}</span>
              </div>
              <Markdown text={answer} />
            </div>
          </div>
        </div>
      </div>
    </section>
  );
}
