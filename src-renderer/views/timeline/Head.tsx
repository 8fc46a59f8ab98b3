import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import type { BranchLine } from '../../state/timeline/branches.ts';
import type { FollowedTimeline } from '../../state/timeline/follow.ts';
import { useConnected } from '../../state/use.ts';
import { Segments } from '../../ui/Segments.tsx';
import { Sign } from '../../ui/Sign.tsx';
import { SessionPicker } from './SessionPicker.tsx';
import type { Stage } from './stage.ts';
import { type Scale, scales } from './stage-state.ts';

interface HeadProps {
  session: string;
  title: string;
  followed: FollowedTimeline | undefined;
  stage: Stage | undefined;
}

/** Which session, which branch, how close one looks, and what the bars mean. */
export function Head({ session, title, followed, stage }: HeadProps) {
  const connected = useConnected();
  const speaker = followed?.timeline.bars.at(-1)?.speaker ?? null;
  const live = followed?.ready === true && followed.timeline.running.size > 0;
  return (
    <header className="tl-top">
      <SessionPicker session={session} title={title} speaker={speaker} />
      {stage !== undefined && <BranchMenu stage={stage} />}
      {live && (connected ? <span className="tag info">live</span> : <span className="tag">last seen running</span>)}
      <span className="grow" />
      {stage !== undefined && (
        <>
          <span className="tl-legend wide" aria-hidden="true">
            <span className="tl-legend-part">
              <i className="tl-key tl-queue" />
              queue
            </span>
            <span className="tl-legend-part">
              <i className="tl-key tl-first" />
              to first token
            </span>
            <span className="tl-legend-part">
              <i className="tl-key tl-stream" />
              streaming
            </span>
          </span>
          <ScaleChoice stage={stage} />
        </>
      )}
    </header>
  );
}

function ScaleChoice({ stage }: { stage: Stage }) {
  const scale = useStore(stage.store, (state) => state.scale);
  return (
    <Segments<Scale>
      label="Scale"
      options={(Object.keys(scales) as Scale[]).map((value) => ({ value, label: value }))}
      value={scale ?? ('' as Scale)}
      onValue={(value) => stage.setScale(value)}
    />
  );
}

/** So many are offered; the newest. */
const MOST = 100;
const nameOf = ({ name, words }: BranchLine): string => name ?? (words || 'another try');

/** All of it, or one path from the beginning to the end of a branch; the rest stands back. */
function BranchMenu({ stage }: { stage: Stage }) {
  const branch = useStore(stage.store, (state) => state.branch);
  const { lines } = stage.timeline.branches;
  const all = [...lines.values()];
  const shown = branch === null ? undefined : lines.get(branch);
  const label = shown !== undefined ? nameOf(shown) : all.length > 1 ? `${all.length} branches` : 'main';
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="tl-chip" aria-label={`Branch: ${label}`}>
        <Sign name="branch" dense />
        <span className="cut">{label}</span>
        <Sign name="down" dense />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="float menu tl-branches" align="start" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={branch ?? ''} onValueChange={(value) => stage.setBranch(value || null)}>
            <DropdownMenu.RadioItem className="menu-item" value="">
              <span className="menu-mark">{branch === null && <Sign name="check" dense />}</span>
              <span className="grow">All branches</span>
              <span className="text-3 small">{all.length}</span>
            </DropdownMenu.RadioItem>
            {all.slice(-MOST).map((line) => (
              <DropdownMenu.RadioItem key={line.id} className="menu-item" value={line.id}>
                <span className="menu-mark">{branch === line.id && <Sign name="check" dense />}</span>
                <span className="grow cut">{nameOf(line)}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
