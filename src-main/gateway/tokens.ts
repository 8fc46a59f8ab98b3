import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type GatewayInfo, Scope } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { readPrivateFile, writePrivateFile } from '../config/private-file.ts';
import type { Logger } from '../observability/logger.ts';

const mostTokens = 100;

const Kept = z.array(
  z.object({
    id: z.string().min(1),
    name: z.string(),
    /** Older files have none. */
    scopes: z.array(Scope).default(['chat', 'read']),
    createdAt: z.number(),
    /** SHA-256 of the token, as hexadecimal digits. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);

/** By which access token somebody came in, and what it opens. */
export interface TokenUse {
  id: string;
  name: string;
  scopes: readonly Scope[];
}

export interface AccessTokensOptions {
  /** `access-tokens.json` in the data folder, mode 0600. */
  file: string;
  clock: Clock;
  tightened: (file: string) => void;
  logger: Pick<Logger, 'warn'>;
}

/** The access tokens that the user gave to other programs, newest last. Only their hashes are kept. */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  #kept: z.infer<typeof Kept>;
  /** Token id to wall clock, since the start. */
  readonly #used = new Map<string, number>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#kept = read(options);
  }

  /** Newest first. */
  list(): GatewayInfo['tokens'] {
    return this.#kept
      .map(({ id, name, scopes, createdAt }) => ({
        id,
        name,
        scopes,
        createdAt,
        lastUsedAt: this.#used.get(id) ?? null,
      }))
      .reverse();
  }

  /** The token is told this once. */
  add(name: string, scopes: readonly Scope[]): { id: string; token: string } {
    if (this.#kept.length >= mostTokens)
      throw new Problem('LIMIT', `There are ${mostTokens} access tokens already.`, 'Remove one that nobody uses.');
    const token = `cho_${randomBytes(32).toString('base64url')}`;
    const id = randomBytes(9).toString('base64url');
    const hash = digest(token).toString('hex');
    const kept = { id, name, scopes: [...new Set(scopes)], createdAt: this.#options.clock.now(), hash };
    this.#write([...this.#kept, kept]);
    return { id, token };
  }

  remove(id: string): void {
    const rest = this.#kept.filter((each) => each.id !== id);
    if (rest.length === this.#kept.length)
      throw new Problem('NOT_FOUND', 'There is no such access token.', 'It may have been removed already.');
    this.#write(rest);
    this.#used.delete(id);
  }

  /** Whose token it is; it counts as used by that. Null for any other text. Takes the same time for all of them. */
  use(token: string): TokenUse | null {
    const hash = digest(token);
    const [found] = this.#kept.filter((each) => timingSafeEqual(hash, Buffer.from(each.hash, 'hex')));
    if (found === undefined) return null;
    const { id, name, scopes } = found;
    this.#used.set(id, this.#options.clock.now());
    return { id, name, scopes };
  }

  #write(kept: z.infer<typeof Kept>): void {
    writePrivateFile(this.#options.file, `${JSON.stringify(kept, null, 2)}\n`);
    this.#kept = kept;
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();

function read({ file, tightened, logger }: AccessTokensOptions): z.infer<typeof Kept> {
  const text = readPrivateFile(file, tightened);
  if (text === null) return [];
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    logger.warn({ file }, 'the file of the access tokens is damaged; none of them is good any more');
    return [];
  }
}
