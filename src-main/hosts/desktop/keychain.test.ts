import { describe, expect, it } from 'vitest';
import { keychain } from './keychain.ts';

type Backend = ReturnType<Parameters<typeof keychain>[0]['getSelectedStorageBackend']>;

/** Turns every byte around, as far from plain text as it needs to be. */
const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const storage = (backend: Backend, available = true) => ({
  isEncryptionAvailable: () => available,
  encryptString: (text: string) => turned(Buffer.from(text)),
  decryptString: (bytes: Buffer) => turned(bytes).toString(),
  getSelectedStorageBackend: () => backend,
});

describe('keys are sealed', () => {
  it.each([
    ['linux', 'gnome_libsecret', 'GNOME Keyring'],
    ['linux', 'kwallet6', 'KWallet'],
    ['darwin', 'unknown', 'macOS Keychain'],
    ['win32', 'unknown', 'Windows data protection'],
  ] as const)('on %s (%s) by %s', (platform, backend, name) => {
    const sealer = keychain(storage(backend), platform);
    expect(sealer).toMatchObject({ name, sealed: true, warning: null });
    const sealed = sealer.seal('sk-canary-ü');
    expect(Buffer.from(sealed, 'base64').toString()).not.toContain('canary');
    expect(sealer.open(sealed)).toBe('sk-canary-ü');
  });
});

it('the keyring, for which the system may want a password, is opened when somebody wants to know, and once', () => {
  let opened = 0;
  const counted = { ...storage('gnome_libsecret'), isEncryptionAvailable: () => ++opened > 0 };
  const sealer = keychain(counted, 'linux');
  expect([sealer.name, opened]).toEqual(['GNOME Keyring', 0]);
  expect([sealer.sealed, sealer.warning, sealer.sealed, opened]).toEqual([true, null, true, 1]);
});

describe('keys are not sealed, and the user is told', () => {
  it.each(['basic_text', 'unknown'] as const)('when Linux offers %s, although it would encrypt', (backend) => {
    const sealer = keychain(storage(backend), 'linux');
    expect(sealer.sealed).toBe(false);
    expect(sealer.warning?.message).toMatch(/no keyring/);
    // What was sealed before, when there was a keyring of this kind, is tried all the same.
    expect(sealer.open(sealer.seal('x'))).toBe('x');
  });

  it('when the keychain is not available', () => {
    const sealer = keychain(storage('unknown', false), 'darwin');
    expect(sealer.sealed).toBe(false);
    expect(sealer.warning?.message).toMatch(/macOS Keychain is not available/);
  });
});
