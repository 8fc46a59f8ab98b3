import { describe, expect, it } from 'vitest';
import { isLocal, sameHost, samePortHere } from './address.ts';

describe('the address of a provider', () => {
  it.each([
    'http://127.0.0.1:11434/v1',
    'http://127.8.9.1/v1',
    'http://localhost:1234',
    'http://models.localhost:8080/v1',
    'http://[::1]:8080/v1',
    'https://LOCALHOST/v1',
    'http://127.1:80',
  ])('%s is on this computer', (url) => expect(isLocal(url)).toBe(true));

  it.each([
    'http://192.168.1.20:11434/v1',
    'http://10.0.0.1/v1',
    'http://0.0.0.0:11434',
    'https://api.openai.com/v1',
    'http://localhost.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://mylocalhost/v1',
    'http://[fe80::1]/v1',
    'no address',
    '',
  ])('%s is not', (url) => expect(isLocal(url)).toBe(false));

  it('is the same host only with the same scheme and port', () => {
    expect(sameHost('https://a.example/v1', 'https://a.example:443/v2')).toBe(true);
    expect(sameHost('https://a.example/v1', 'http://a.example/v1')).toBe(false);
    expect(sameHost('http://a.example:1/v1', 'http://a.example:2/v1')).toBe(false);
    expect(sameHost('http://a.example', 'http://b.example')).toBe(false);
    expect(sameHost('', 'http://b.example')).toBe(false);
  });

  it('is the same port of this computer by whatever name', () => {
    expect(samePortHere('http://localhost:11434/v1', 'http://127.0.0.1:11434/v1')).toBe(true);
    expect(samePortHere('http://localhost:11434', 'http://127.0.0.1:1234')).toBe(false);
    expect(samePortHere('http://192.168.1.2:11434', 'http://127.0.0.1:11434')).toBe(false);
  });
});
