import { useDesktop } from '../../../state/use.ts';
import { ShortcutList } from '../../ShortcutList.tsx';
import { SettingsPage } from '../SettingsPage.tsx';

export function Shortcuts() {
  const desktop = useDesktop() !== undefined;
  return (
    <SettingsPage title="Shortcuts">
      <div className="settings-wide">
        <ShortcutList desktop={desktop} />
      </div>
    </SettingsPage>
  );
}
