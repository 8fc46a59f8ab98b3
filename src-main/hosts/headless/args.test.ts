import { expect, it } from 'vitest';
import { readArguments, UsageProblem } from './args.ts';

it('serve names no address, port or certificate of its own unless told', () => {
  const nothing = { host: undefined, tls: undefined, plainHttp: false, port: null, dataDir: undefined };
  expect(readArguments(['serve'])).toEqual({ name: 'serve', ...nothing, config: undefined, open: false });
  const [folder, tls] = [
    ['--data-dir', 'd', '--config=c.json'],
    ['--tls-cert', 'c.pem', '--tls-key', 'k.pem'],
  ];
  expect(
    readArguments(['serve', '--port', '0', '--host', '[::1]', ...folder, ...tls, '--plain-http', '--open']),
  ).toEqual({
    name: 'serve',
    host: '::1',
    tls: { cert: 'c.pem', key: 'k.pem' },
    plainHttp: true,
    port: 0,
    dataDir: 'd',
    config: 'c.json',
    open: true,
  });
});

it.each(['127.0.0.1', '0.0.0.0', 'localhost', '::', 'EXAMPLE.org'])('%s is a host', (host) => {
  expect(readArguments(['serve', '--host', host])).toMatchObject({ host: host.toLowerCase() });
});

it.each(['', 'http://a', 'a:80', 'a b', ':::'])('"%s" is no host', (host) => {
  expect(() => readArguments(['serve', '--host', host])).toThrow(
    new UsageProblem(`The host ${host} is no address and no name.`),
  );
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
  [['serve', '--tls-cert', 'c.pem'], 'The options --tls-cert and --tls-key go together.'],
  [['link', '--port', '1'], "Unknown option '--port'."],
])('%j is told in a sentence', (args, message) => {
  expect(() => readArguments(args)).toThrow(new UsageProblem(message));
});

it('help and version go before everything else', () => {
  expect(readArguments(['serve', '--wrong', '--help'])).toEqual({ name: 'help' });
  expect(readArguments(['--version'])).toEqual({ name: 'version' });
});
