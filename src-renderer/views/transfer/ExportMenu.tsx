import { DropdownMenu } from 'radix-ui';
import { useApp, useConnected } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';
import { formats } from './formats.ts';
import './transfer.css';

/** An entry of a session's menu that opens the formats. To stand inside a `DropdownMenu.Content`. */
export function ExportMenu({ sessions }: { sessions: readonly string[] }) {
  const app = useApp();
  const connected = useConnected();
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item" disabled={!connected}>
        <span className="grow">Export as</span>
        <Sign name="right" dense />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className="float menu export-menu" sideOffset={2} collisionPadding={8}>
          {formats.map(({ id, title, word }) => (
            <DropdownMenu.Item
              key={id}
              className="menu-item two-lines"
              onSelect={() => void app.transfers.export(id, [...sessions])}
            >
              <span>
                {title}
                <span className="format-word">{word}</span>
              </span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}
