import type { Import } from './imports.ts';

interface Room {
  /** A folder or a file, from the root of the project. */
  path: string;
  /** Whom it may know besides itself: folders or files; `*` stands for one folder. */
  knows: readonly string[];
  /** Packages that it may use; any other when absent. */
  packages?: RegExp;
  /** Packages that it may never use. */
  never?: RegExp;
}

const domain = ['src-shared/domain', 'src-shared/kit'];
const network = /^(electron|fastify|@fastify\/.+|ws|better-sqlite3|node:(http|https|http2|net|tls|dgram))$/;
const server = /^(node:.+|electron|fastify|@fastify\/.+|ws|better-sqlite3|pino)$/;

/** The rooms of the house and their doors. The most precise path is the one that counts. */
export const rooms: readonly Room[] = [
  { path: 'src-shared/kit', knows: [], packages: /^$/ },
  { path: 'src-shared/domain', knows: ['src-shared/kit'], packages: /^zod$/ },
  { path: 'src-shared/contract', knows: domain, packages: /^zod$/ },
  {
    path: 'src-shared/wire',
    knows: ['src-shared/kit', 'src-shared/domain/problem.ts', 'src-shared/contract'],
    packages: /^zod$/,
  },
  { path: 'src-shared/aish', knows: domain, packages: /^zod$/ },

  { path: 'src-main/log', knows: domain },
  {
    path: 'src-main/engines',
    knows: [
      ...domain,
      'src-main/log/log.ts',
      'src-main/providers/provider.ts',
      'src-main/providers/overlap.ts',
      'src-main/providers/offline/sentences.ts',
      'src-main/providers/offline/words.ts',
      'src-main/engines/*/ports.ts',
      'src-main/observability/logger.ts',
      'resources',
    ],
    never: network,
  },
  {
    path: 'src-main/providers',
    knows: [...domain, 'src-main/log/log.ts'],
    never: /^(electron|fastify|@fastify\/.+|ws|better-sqlite3)$/,
  },
  { path: 'src-main/config', knows: domain },
  { path: 'src-main/observability', knows: domain },
  { path: 'src-main/api', knows: ['src-shared', 'src-main/engines', 'src-main/log/log.ts'], never: network },
  {
    path: 'src-main/compose.ts',
    knows: [
      'src-shared',
      'src-main/api',
      'src-main/engines',
      'src-main/log',
      'src-main/providers',
      'src-main/config',
      'src-main/observability',
    ],
    never: network,
  },
  {
    path: 'src-main/gateway',
    knows: ['src-shared', 'src-main/api', 'src-main/compose.ts', 'src-main/config', 'src-main/observability'],
    never: /^(electron|better-sqlite3)$/,
  },
  // A program like any other, on the other side of the gateway.
  { path: 'src-main/client', knows: ['src-shared'], never: /^(electron|fastify|@fastify\/.+|better-sqlite3)$/ },
  { path: 'src-main/hosts', knows: ['src-shared', 'src-main', 'package.json'], never: /^electron$/ },
  { path: 'src-main/hosts/desktop', knows: ['src-shared', 'src-main', 'package.json'] },
  { path: 'src-main/hosts/desktop/preload', knows: ['src-main/hosts/desktop/channels.ts'], packages: /^electron$/ },

  { path: 'src-renderer', knows: ['src-shared', 'package.json'], never: server },
  { path: 'src-renderer/link', knows: ['src-shared'], never: server },
  { path: 'src-renderer/state', knows: ['src-shared', 'src-renderer/link', 'src-renderer/ui'], never: server },
  { path: 'src-renderer/ui', knows: ['src-shared/domain', 'src-shared/kit'], never: server },
];

const isTest = (file: string) =>
  /\.(test|suite)\.tsx?$/.test(file) || isTesting(file) || /^(e2e|bench|walls)\//.test(file);
const isTesting = (file: string) => /\/testing\//.test(file);

/** What is wrong with an import, as a sentence for the person who wrote it; null when nothing is. */
export function complaint({ file, target, ours }: Import): string | null {
  if (isTest(file)) return null;
  if (ours && isTesting(target))
    return `${file} imports ${target}: what lies in testing is for tests, suites and benchmarks only; the product must do without it.`;
  const room = roomOf(file);
  if (room === undefined) return null;
  if (!ours) {
    if (room.never?.test(target) !== true && room.packages?.test(target) !== false) return null;
    return `${file} imports ${target}: ${room.path} may not know that package; let whoever builds it hand in what it needs.`;
  }
  if (inside(target, ownRoom(file, room)) || room.knows.some((known) => inside(target, known))) return null;
  const known = room.knows.length === 0 ? 'nothing but itself' : `${room.knows.join(', ')} only`;
  return `${file} imports ${target}: ${room.path} may know ${known}; ask for what you need through an interface instead.`;
}

const roomOf = (file: string) =>
  rooms.filter(({ path }) => inside(file, path)).sort((a, b) => b.path.length - a.path.length)[0];

/** Engines are rooms each to itself: one knows another by its ports alone. */
const ownRoom = (file: string, room: Room) =>
  room.path === 'src-main/engines' ? file.split('/').slice(0, 3).join('/') : room.path;

function inside(path: string, place: string): boolean {
  const wanted = place.split('/');
  const steps = path.split('/');
  return wanted.every((step, index) => (step === '*' ? steps[index] !== undefined : steps[index] === step));
}
