import { useStore } from 'zustand';
import { formatRoute } from '../../../state/route.ts';
import { useApp } from '../../../state/use.ts';

/**
 * Shows another item when an answer has come, unless the address is not the one any more where it was asked for: who is
 * elsewhere by then is not fetched back.
 */
export function useGoOn(): (section: string, item?: string) => void {
  const app = useApp();
  const asked = useStore(app.route, formatRoute);
  return (section, item) => {
    if (formatRoute(app.route.getState()) === asked) app.goToSettings(section, item);
  };
}
