import { describe, expect, it } from 'vitest';
import { externalAddress, isPage, PAGE } from './address.ts';

describe('our page', () => {
  it.each([PAGE, `${PAGE}#/conversations/a`, `${PAGE}?x`])('is %s', (address) => {
    expect(isPage(address)).toBe(true);
  });

  it.each([
    'app://choragus/assets/index.js',
    'app://choragus.evil/',
    'app://choragus:80/',
    'app://user@choragus/',
    'app://other/',
    'app:choragus/',
    'https://choragus/',
    'file:///etc/passwd',
    'about:blank',
    'javascript:alert(1)',
    'no address',
    '',
  ])('is not %j', (address) => {
    expect(isPage(address)).toBe(false);
  });
});

describe('what the system may open', () => {
  it.each([
    ['https://example.org/a b', 'https://example.org/a%20b'],
    ['http://127.0.0.1:11434/', 'http://127.0.0.1:11434/'],
    ['mailto:ada@example.org', 'mailto:ada@example.org'],
  ])('%s', (address, opened) => {
    expect(externalAddress(address)).toBe(opened);
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'ms-msdt:/id',
    'smb://server/share',
    'app://choragus/',
    '\\\\server\\share',
    'C:\\Windows\\calc.exe',
    '/etc/passwd',
    '',
  ])('not %j', (address) => {
    expect(externalAddress(address)).toBeNull();
  });
});
