import type { SafeStorage } from 'electron';
import type { Sealer } from '../../config/secrets.ts';

type Storage = Pick<
  SafeStorage,
  'isEncryptionAvailable' | 'encryptString' | 'decryptString' | 'getSelectedStorageBackend'
>;

/** By platform, and on Linux by what the desktop there offers. */
const names: Readonly<Record<string, string>> = {
  darwin: 'macOS Keychain',
  win32: 'Windows data protection',
  gnome_libsecret: 'GNOME Keyring',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
};

/**
 * Seals with a key that the system keeps for this user. `basic_text` is no such place: its key stands in the source of
 * Chromium, so it disguises only. Used only after the app is ready. Asked once, and not before somebody wants to know: the
 * system may open its keyring for that, and ask the user for a password.
 */
export function keychain(storage: Storage, platform: NodeJS.Platform): Sealer {
  const backend = platform === 'linux' ? storage.getSelectedStorageBackend() : platform;
  const name = names[backend];
  let available: boolean | undefined;
  const sealed = () => (available ??= name !== undefined && storage.isEncryptionAvailable());
  return {
    name: name ?? 'no keyring',
    get sealed() {
      return sealed();
    },
    get warning() {
      return sealed() ? null : missing(name);
    },
    seal: (text) => storage.encryptString(text).toString('base64'),
    open: (text) => storage.decryptString(Buffer.from(text, 'base64')),
  };
}

const missing = (name: string | undefined) =>
  name === undefined
    ? {
        message: 'This computer has no keyring that Choragus can use, so keys lie unsealed in their file.',
        next: 'Set up GNOME Keyring or KWallet, then start Choragus again: it seals them by itself.',
      }
    : {
        message: `${name} is not available, so keys lie unsealed in their file.`,
        next: 'Unlock it, then start Choragus again: it seals them by itself.',
      };
