import { createHash } from 'node:crypto';
import type { Node } from '#shared/domain/session.ts';
import type { Look } from '#shared/domain/things.ts';
import { looks } from '#shared/domain/things.ts';
import { endOf, modelOf, nameOf, time } from '../said.ts';
import { escaped } from './escaped.ts';
import { signs, tokens } from './look.ts';
import { markdownHtml } from './markdown-html.ts';

/**
 * A session as one page that opens anywhere: no script, nothing from outside, and a policy that keeps it so. Pure, piece
 * by piece: the beginning, each node of the branch, the end.
 */

const values = Object.entries(tokens)
  .map(([name, value]) => `--${name}:${value}`)
  .join(';');

const style = `:root{color-scheme:light dark;${values}}
${looks.map((look) => `[data-sp=${look}]{--sp:var(--sp-${look})}`).join('')}
*{box-sizing:border-box}
body{margin:0;background:var(--surface-1);color:var(--text-1);font:14px/1.55 var(--font);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:46rem;margin:0 auto;padding:32px 16px 64px}
header{margin-bottom:32px;padding-bottom:16px;border-bottom:1px solid var(--line-hair)}
h1{margin:0;font-size:20px;font-weight:600;line-height:1.35}
p,ul,ol,pre,figure,blockquote,h2,h3,h4,h5,h6,table{margin:0;padding:0}
.facts,time{color:var(--text-3);font-size:12px}
article{display:grid;grid-template-columns:24px minmax(0,1fr);column-gap:12px;margin-bottom:24px}
.avatar{display:grid;place-items:center;width:24px;height:24px;border-radius:6px;background:var(--surface-sunken);color:var(--sp,var(--text-2))}
[data-sp] .avatar{background:color-mix(in srgb,var(--sp) 12%,transparent)}
svg{width:16px;height:16px}
.by{display:flex;flex-wrap:wrap;align-items:center;gap:0 8px;min-height:24px;line-height:1.35}
h2{font-size:13px;font-weight:600;color:var(--sp,var(--text-1))}
.text>*+*,li>*+*,blockquote>*+*{margin-top:8px}
:is(h3,h4,h5,h6){font-size:14px;font-weight:600}
h3{font-size:16px}
strong{font-weight:600}
ul,ol{padding-left:22px}
li+li{margin-top:2px}
li::marker{color:var(--text-3)}
a{color:var(--accent)}
hr{height:1px;border:0;margin:16px 0;background:var(--line)}
blockquote{padding-left:12px;border-left:2px solid var(--line-control);color:var(--text-2)}
code,pre{font:12.5px/1.5 var(--mono);font-variant-ligatures:none}
:not(pre)>code{padding:1px 4px;border-radius:3px;background:var(--surface-sunken)}
.code{border:1px solid var(--line-hair);border-radius:6px;background:var(--surface-sunken)}
.code figcaption{padding:4px 10px;border-bottom:1px solid var(--line-hair);color:var(--text-3);font-size:12px}
.code pre{padding:8px 10px;overflow-x:auto;overflow-wrap:normal}
.plain{white-space:pre-wrap}
.table{overflow-x:auto;border:1px solid var(--line-hair);border-radius:6px}
table{border-collapse:collapse;min-width:100%;font-size:13px;overflow-wrap:normal}
th,td{padding:5px 12px;border-bottom:1px solid var(--line-hair);text-align:left;vertical-align:top}
tr:last-child td{border-bottom:0}
th{font-weight:550;color:var(--text-2);background:var(--surface-sunken);white-space:nowrap}
.right{text-align:right}
.center{text-align:center}
.task{display:inline-grid;place-items:center;width:14px;height:14px;margin-right:6px;border:1px solid var(--line-control);border-radius:3px;font-size:11px;line-height:1;vertical-align:-2px}
.notes{padding-top:8px;border-top:1px solid var(--line-hair);color:var(--text-2);font-size:13px}
details{margin-bottom:8px;color:var(--text-2)}
summary{color:var(--text-3);font-size:12px;cursor:pointer}
.end{margin-top:8px;color:var(--text-2);font-size:12px}
.end.failed{padding:8px 12px;border-radius:6px;background:var(--error-soft);color:var(--text-1)}
.signs{position:absolute;width:0;height:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media print{body{background:none}article{break-inside:avoid-page}}`;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const sprite = Object.entries(signs)
  .map(
    ([id, paths]) =>
      `<symbol id="${id}" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">${paths}</symbol>`,
  )
  .join('');

export function pageHead({ title, createdAt }: { title: string; createdAt: number }): string {
  const name = escaped(title.replace(/\s+/g, ' ').trim()) || 'Conversation';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<style>${style}</style>
</head>
<body>
<svg class="signs" aria-hidden="true">${sprite}</svg>
<main>
<header><h1 dir="auto">${name}</h1><p class="facts">Conversation of ${time(createdAt)}, exported from Choragus</p></header>
`;
}

/** `nth`: of the nodes of this page. */
export function pageOf(node: Node, nth: number): string {
  const look = node.kind === 'turn' ? lookOf(node.speaker) : undefined;
  const sign = node.kind === 'message' ? 'i-you' : look === undefined ? 'i-model' : `g-${look.glyph}`;
  const model = node.kind === 'turn' ? `<span class="facts">${escaped(modelOf(node))}</span>` : '';
  return `<article${look === undefined ? '' : ` data-sp="${look.colour}"`}>
<span class="avatar" aria-hidden="true"><svg><use href="#${sign}"/></svg></span>
<div><div class="by"><h2 dir="auto">${escaped(nameOf(node))}</h2>${model}<time datetime="${new Date(node.at).toISOString()}">${time(node.at)}</time></div>
${node.kind === 'turn' ? reasoningOf(node.reasoning, nth) : ''}<div class="text" dir="auto">${markdownHtml(node.text, `n${nth}`)}</div>${endLine(node)}</div>
</article>
`;
}

export const pageEnd = '</main>\n</body>\n</html>\n';

/** Old events have none; the shipped ones are called by their colour. */
function lookOf({ look, specialist }: { look?: Look | undefined; specialist?: string | undefined }): Look | undefined {
  const own = looks.find((each) => each === specialist);
  return look ?? (own && { colour: own, glyph: own });
}

const reasoningOf = (reasoning: string, nth: number): string =>
  reasoning.trim() === ''
    ? ''
    : `<details><summary>Reasoning</summary><div class="text" dir="auto">${markdownHtml(reasoning, `r${nth}`)}</div></details>`;

function endLine(node: Node): string {
  const end = node.kind === 'turn' ? endOf(node) : undefined;
  if (end === undefined || node.kind === 'message') return '';
  return `<p class="end${node.state === 'failed' ? ' failed' : ''}">${escaped(end)}</p>`;
}
