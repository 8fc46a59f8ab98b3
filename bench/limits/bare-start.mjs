/** The least that a start costs: the same packages loaded and the same database opened, with its tables if it is empty. */
import '@fastify/static';
import 'fastify';
import 'pino';
import 'ws';
import 'zod';
import { readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';

const [file, schema] = process.argv.slice(2);
const db = new SQLite(file);
for (const pragma of [
  'journal_mode = WAL',
  'journal_size_limit = 67108864',
  'synchronous = NORMAL',
  'temp_store = MEMORY',
])
  db.pragma(pragma);
const empty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
if (empty) db.exec(`BEGIN; ${readFileSync(schema, 'utf8')} COMMIT;`);
console.log('Opened');
// Lives on as a server does, until it is ended.
setInterval(() => {}, 60_000);
