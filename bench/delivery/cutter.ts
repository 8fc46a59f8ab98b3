import { connect, createServer, type Socket } from 'node:net';

/**
 * Stands between clients and a server of the same port: clients come to `::1`, the server listens on `127.0.0.1`. It
 * passes bytes on until it is told to reset connections.
 */
export class Cutter {
  readonly #clients = new Set<Socket>();
  readonly #server = createServer((client) => {
    const server = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    this.#clients.add(client);
    client.pipe(server).pipe(client);
    client.on('close', () => {
      this.#clients.delete(client);
      server.destroy();
    });
    server.on('close', () => client.destroy());
    for (const socket of [client, server]) socket.on('error', () => {});
  });
  #port = 0;

  get size(): number {
    return this.#clients.size;
  }

  listen(port: number): Promise<void> {
    this.#port = port;
    return new Promise((resolve) => this.#server.listen(port, '::1', resolve));
  }

  /** Resets up to `count` connections, the oldest first; says how many there were. */
  cut(count: number): number {
    const cut = [...this.#clients].slice(0, count);
    for (const client of cut) client.resetAndDestroy();
    return cut.length;
  }

  close(): void {
    this.#server.close();
    this.cut(Number.POSITIVE_INFINITY);
  }
}
