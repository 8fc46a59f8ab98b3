import type { Problem } from '#shared/domain/problem.ts';

/** The few pages that are shown without access. They hold nothing of anybody; style and script lie beside them. */
const page = (title: string, body: string, script = '') => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Choragus</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/enter.css">${script}
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** `linkCommand`: what to type to get another link. */
const another = (linkCommand: string) =>
  `<p>For a new link, run this in a terminal where Choragus is installed, then open what it prints:</p>
<p><code>${escapeHtml(linkCommand)}</code></p>`;

/** Where a link leads. Its code stands behind the #, so it reaches no log, and only the script below uses it up. */
export const enterPage = (linkCommand: string) =>
  page(
    'Signing in',
    `<p id="waiting" role="status">One moment…</p>
<div id="failed" hidden>
<p id="reason" role="alert"></p>
${another(linkCommand)}
<p>If this browser is signed in already: <a href="/">open Choragus</a></p>
</div>
<noscript><p>Choragus needs JavaScript in this browser.</p></noscript>`,
    '\n<script src="/enter.js" defer></script>',
  );

export const signInPage = (linkCommand: string) =>
  page(
    'Sign in',
    `<p>This browser is not signed in to Choragus. A link that works once signs it in.</p>
${another(linkCommand)}
<p><a href="/">Try again</a></p>`,
  );

export const problemPage = ({ message, next }: Problem) =>
  page(
    'This did not work',
    `<p>${escapeHtml(message)}</p>\n<p>${escapeHtml(next ?? '')}</p>\n<p><a href="/">Open Choragus</a></p>`,
  );

export const enterScript = `const code = new URLSearchParams(location.hash.slice(1)).get('code');
history.replaceState(null, '', '/enter');
const fail = (reason) => {
  document.title = 'Sign in · Choragus';
  document.querySelector('h1').textContent = 'Sign in';
  document.getElementById('waiting').hidden = true;
  document.getElementById('reason').textContent = reason;
  document.getElementById('failed').hidden = false;
};
const enter = async () => {
  if (code === null) return fail('This link holds no code.');
  const answer = await fetch('/enter', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const told = await answer.json();
  if (!answer.ok) return fail(told.message);
  localStorage.setItem('choragus.key', told.key);
  location.replace('/');
};
enter().catch(() => fail('Choragus could not be reached. Is it running?'));
// Another link, opened in the tab of one that failed, changes nothing but what stands behind the #.
addEventListener('hashchange', () => location.reload());
`;

export const enterStyle = `:root { color-scheme: light dark; font: 14px/1.55 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f2f0ec, #121110); color: light-dark(#1f1d1a, #eceae6); }
main { max-width: 32rem; margin: 15vh auto 0; padding: 24px; }
h1 { font-size: 20px; font-weight: 600; }
code { display: block; padding: 8px 12px; border-radius: 6px; background: light-dark(#ebe8e3, #0f0e0d); font: 13px ui-monospace, monospace; overflow-wrap: anywhere; user-select: all; }
a { color: light-dark(#2453cf, #9ab5ff); }
[hidden] { display: none; }
`;
