import { useDesktop } from '../../state/use.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ShortcutList } from '../ShortcutList.tsx';

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const desktop = useDesktop() !== undefined;
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list is long, and scrolls by keyboard, too. */}
      <section className="inset" tabIndex={0} aria-label="All shortcuts">
        <ShortcutList desktop={desktop} />
      </section>
    </Dialog>
  );
}
