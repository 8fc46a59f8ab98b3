import { useDesktop } from '../../state/use.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ShortcutList } from '../ShortcutList.tsx';

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const desktop = useDesktop() !== undefined;
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      <ShortcutList desktop={desktop} />
    </Dialog>
  );
}
