/**
 * The least that can follow streams durably: one process that asks the provider, appends what came in a turn of the
 * event loop to SQLite in one transaction, then sends each stream's row as one frame, made once, to all who follow it.
 * A follower says from where. No sessions, no credit, no checks, no access.
 */

import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type WebSocket, WebSocketServer } from 'ws';

const [provider, folder] = [Number(process.argv[2]), process.argv[3]!];
const db = new Database(join(folder, 'bare.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
db.exec('CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, stream TEXT, data TEXT)');
db.exec('CREATE INDEX IF NOT EXISTS of_stream ON events (stream)');
const insert = db.prepare('INSERT INTO events (stream, data) VALUES (?, ?)');
const page = db.prepare<[string, number], { seq: number; data: string }>(
  'SELECT seq, data FROM events WHERE stream = ? AND seq > ? ORDER BY seq LIMIT 256',
);
const followers = new Map<string, Set<WebSocket>>();
let pending = new Map<string, string>();

function commit(): void {
  const rows = [...pending];
  pending = new Map();
  const frames: [string, string][] = [];
  db.transaction(() => {
    for (const [stream, text] of rows) {
      const data = JSON.stringify({ text });
      const { lastInsertRowid } = insert.run(stream, data);
      frames.push([stream, `{"stream":"${stream}","items":[{"seq":${lastInsertRowid},"data":${data}}]}`]);
    }
  })();
  for (const [stream, frame] of frames) for (const socket of followers.get(stream) ?? []) socket.send(frame);
}

function add(stream: string, text: string): void {
  if (pending.size === 0) setImmediate(commit);
  pending.set(stream, (pending.get(stream) ?? '') + text);
}

function ask(stream: string, model: string): void {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: stream }], stream: true });
  const asked = request({ port: provider, method: 'POST', path: '/v1/chat/completions' }, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const events = (rest + text).split('\n\n');
      rest = events.pop()!;
      for (const event of events) {
        if (event === 'data: [DONE]') return;
        const content = JSON.parse(event.slice(6)).choices[0].delta.content;
        if (content !== undefined) add(stream, content);
      }
    });
    response.on('end', () => add(stream, '\n'));
    response.on('error', () => {});
  });
  stops.set(stream, () => asked.destroy());
  asked.on('error', () => {});
  asked.end(body);
}
const stops = new Map<string, () => void>();

function follow(socket: WebSocket, stream: string, after: number): void {
  for (let rows = page.all(stream, after); rows.length > 0; rows = page.all(stream, after)) {
    after = rows.at(-1)!.seq;
    const items = rows.map(({ seq, data }) => `{"seq":${seq},"data":${data}}`);
    socket.send(`{"stream":"${stream}","items":[${items.join(',')}]}`);
  }
  followers.set(stream, (followers.get(stream) ?? new Set()).add(socket));
  socket.on('close', () => followers.get(stream)?.delete(socket));
}

const server = new WebSocketServer({ port: Number(process.argv[4] ?? 0), host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
  // One listener for each stream that it follows.
  socket.setMaxListeners(0);
  socket.on('message', (data) => {
    const said = JSON.parse(String(data));
    if (said.follow !== undefined) follow(socket, said.follow, said.after);
    else if (said.append !== undefined) add(said.append, said.text);
    else if (said.fill !== undefined) fill(said.fill, said.count);
    else if (said.ask !== undefined) ask(said.ask, said.model);
    else stops.get(said.stop)?.();
    socket.send('{"done":true}');
  });
});

const fill = db.transaction((stream: string, count: number) => {
  for (let nth = 0; nth < count; nth++) insert.run(stream, JSON.stringify({ text: `Title number ${nth}` }));
});
server.on('listening', () => process.send!({ port: (server.address() as AddressInfo).port }));
