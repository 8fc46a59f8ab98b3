import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from '#shared/domain/problem.ts';
import type { Access } from './access.ts';
import { cookieHeader } from './door.ts';
import { enterPage, enterScript, enterStyle } from './pages.ts';

export interface SignInOptions {
  access: Access;
  /** What to type to get a new link. */
  linkCommand: string;
  /** Cookies go by TLS alone. */
  secure: boolean;
  /** A new link that signs a browser in. */
  link: () => string;
}

const open = { config: { open: true } };
const EnterBody = z.strictObject({ code: z.string().max(100) });

/** The page that a link opens, which trades the link's code for a cookie; and new links. */
export function signInRoutes(app: FastifyInstance, { access, linkCommand, secure, link }: SignInOptions): void {
  app.get('/enter', open, async (_, reply) => html(reply, enterPage(linkCommand)));
  app.get('/enter.js', open, async (_, reply) => reply.type('text/javascript').send(enterScript));
  app.get('/enter.css', open, async (_, reply) => reply.type('text/css').send(enterStyle));
  app.post('/enter', open, async (request, reply) => {
    const body = EnterBody.safeParse(request.body);
    const signIn = body.success ? access.redeem(body.data.code) : null;
    if (signIn === null)
      throw new Problem('UNAUTHORIZED', 'This link was used already, is older than 5 minutes, or is not whole.');
    return reply.header('set-cookie', cookieHeader(request.raw, signIn, secure)).send({ key: signIn.key });
  });
  // What a link opens lasts, and is in no list: it would outlive the token of a program. So it has no scope.
  app.post('/link', async () => ({ link: link() }));
}

const html = (reply: FastifyReply, text: string) =>
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text);
