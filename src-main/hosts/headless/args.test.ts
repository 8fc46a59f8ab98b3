import { expect, it } from 'vitest';
import { readArguments, UsageProblem } from './args.ts';

it('serve listens on the loopback address unless told otherwise, and names no port of its own', () => {
  const usual = { name: 'serve', host: '127.0.0.1', port: null, dataDir: undefined, config: undefined, open: false };
  expect(readArguments(['serve'])).toEqual(usual);
  const args = ['serve', '--port', '0', '--host', '[::1]', '--data-dir', 'd', '--config=c.json', '--open'];
  expect(readArguments(args)).toEqual({
    name: 'serve',
    host: '::1',
    port: 0,
    dataDir: 'd',
    config: 'c.json',
    open: true,
  });
});

it.each(['127.0.0.1', '127.8.0.9', 'localhost', '::1', 'LOCALHOST'])('%s is this machine', (host) => {
  expect(readArguments(['serve', '--host', host])).toMatchObject({ host: host.toLowerCase() });
});

it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org'])('%s is refused', (host) => {
  expect(() => readArguments(['serve', '--host', host])).toThrow(`${host} is not one of its loopback addresses.`);
});

it.each([
  [[], 'A command is missing.'],
  [['sing'], 'There is no command sing.'],
  [['serve', '--prot', '1'], "Unknown option '--prot'."],
  [['serve', '--port'], "Option '--port <value>' argument missing."],
  [['serve', '--open=yes'], "Option '--open' does not take an argument."],
  [['serve', 'now'], "Unexpected argument 'now'."],
  [['serve', '--port', '65536'], 'The port 65536 is not a number from 0 to 65535.'],
  [['serve', '--port', '80a'], 'The port 80a is not a number from 0 to 65535.'],
  [['link', '--port', '1'], "Unknown option '--port'."],
])('%j is told in a sentence', (args, message) => {
  expect(() => readArguments(args)).toThrow(new UsageProblem(message));
});

it('help and version go before everything else', () => {
  expect(readArguments(['serve', '--wrong', '--help'])).toEqual({ name: 'help' });
  expect(readArguments(['--version'])).toEqual({ name: 'version' });
});
