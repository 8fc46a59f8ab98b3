import { Problem, problems } from '#shared/domain/problem.ts';
import type { Area } from '../area.ts';

/** A dialect whose every answer is marked, with one route for each way to be admitted, and a socket. */
export const echo: Area = {
  name: 'echo',
  owns: (path) => path.startsWith('/api/') || path.startsWith('/ws/'),
  tell: (problem) => ({
    status: problems[problem.code].http,
    headers: { 'x-told-by': 'echo' },
    body: { echo: problem.toBody() },
  }),
  install(app, { caller }) {
    app.get('/api/open', { config: { open: true } }, async () => ({}));
    app.get('/api/chat', { config: { scope: 'chat' } }, async (request) => caller(request));
    app.get('/api/read', { config: { scope: 'read' } }, async () => ({}));
    app.get('/api/either', { config: { scope: ['chat', 'read'] } }, async () => ({}));
    app.get('/api/admin', { config: { scope: 'admin' } }, async () => ({}));
    app.get('/api/user', async () => ({}));
    app.post('/api/things/:id', { config: { scope: 'chat' }, bodyLimit: 1000 }, async ({ body }) => ({ body }));
    app.get('/api/problem', { config: { scope: 'chat' } }, async () => {
      throw new Problem('CONFLICT', 'Somebody else was quicker.');
    });
    app.get('/api/mistake', { config: { scope: 'chat' } }, async () => {
      throw new Error('what the user wrote');
    });
  },
  socket: (path) =>
    path === '/ws/chat'
      ? {
          scope: 'chat',
          serve(socket, caller) {
            const measured = { roundTripMs: null };
            socket.on('message', (data) => socket.send(JSON.stringify({ heard: String(data), caller, measured })));
            return measured;
          },
        }
      : undefined,
};
