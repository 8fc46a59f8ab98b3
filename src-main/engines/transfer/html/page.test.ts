import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnNode } from '#shared/domain/session.ts';
import { richEvents } from '../testing/rich-session.ts';
import { committed, folded } from '../testing/text-of.ts';
import { signs, tokens } from './look.ts';
import { markdownHtml } from './markdown-html.ts';
import { pageEnd, pageHead, pageOf } from './page.ts';

const view = folded(committed('one', richEvents()));
const ui = new URL('../../../../src-renderer/ui/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, ui), 'utf8');

/** Every tag that is in a text, with its attributes. */
const tagsIn = (html: string) =>
  [...html.matchAll(/<\/?([a-zA-Z][^\s/>]*)([^>]*)>/g)].map(([, tag, rest]) => ({ tag: tag!, rest: rest! }));

const may = new Set([
  ...[
    'p',
    'strong',
    'em',
    'del',
    'blockquote',
    'ul',
    'ol',
    'li',
    'code',
    'pre',
    'sup',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
  ],
  ...['h3', 'h4', 'h5', 'h6', 'a', 'span', 'br', 'hr', 'div', 'figure', 'figcaption'],
]);
const attribute =
  /^ (?:href="(?:https?:\/\/|mailto:|#n0-)[^"<>]*" ?(?:id="n0-[^"<>]*"|rel="noopener noreferrer nofollow" target="_blank")?|id="n0-[^"<>]*"|class="[a-z]+"|start="\d+")$/;

/** Nothing is in it that does anything. */
function expectHarmless(html: string): void {
  for (const { tag, rest } of tagsIn(html)) {
    expect(may).toContain(tag);
    if (rest !== '' && rest !== '/') expect(rest).toMatch(attribute);
  }
}

describe('Markdown as HTML', () => {
  it.each([
    ['# One\n\n## Two', '<h3>One</h3>\n<h4>Two</h4>'],
    ['**a** *b* ~~c~~ `d`', '<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>'],
    [
      '```js title\nlet a = "<b>";\n```',
      '<figure class="code"><figcaption>js</figcaption><pre><code>let a = &quot;&lt;b&gt;&quot;;</code></pre></figure>',
    ],
    [
      '[a](https://example.org/x?y=1&z)',
      '<p><a href="https://example.org/x?y=1&amp;z" rel="noopener noreferrer nofollow" target="_blank">a</a></p>',
    ],
    [
      '<me@example.org>',
      '<p><a href="mailto:me@example.org" rel="noopener noreferrer nofollow" target="_blank">me@example.org</a></p>',
    ],
    [
      '![A cat](https://example.org/cat.png)',
      '<p><a href="https://example.org/cat.png" rel="noopener noreferrer nofollow" target="_blank">A cat (picture)</a></p>',
    ],
    ['![x](data:image/svg+xml,<svg/onload=alert(1)>)', '<p><span>[x]</span></p>'],
    ['3. a\n4. b', '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'],
    [
      '| a |\n| -: |\n| 1 |',
      '<div class="table"><table><thead><tr><th class="right">a</th></tr></thead><tbody><tr><td class="right">1</td></tr></tbody></table></div>',
    ],
    ['- [x] done', '<ul>\n<li><span class="task">✓</span> done</li>\n</ul>'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a <img src=x onerror=alert(1)> b', '<p>a &lt;img src=x onerror=alert(1)&gt; b</p>'],
    [
      '[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](vbscript:x) [d](data:text/html,x) [e](//x) [f](/x)',
      '<p><span>a</span> <span>b</span> <span>c</span> <span>d</span> <span>e</span> <span>f</span></p>',
    ],
    ['[a](java&#10;script:alert(1)) [b](&#x6A;avascript:alert(1))', '<p><span>a</span> <span>b</span></p>'],
    ['[a]("onmouseover="alert(1))', '<p><span>a</span></p>'],
    ['a\u202eb\u2066c\u0000', '<p>abc\ufffd</p>'],
  ])('%j', (markdown, html) => {
    expect(markdownHtml(markdown, 'n0')).toBe(html);
  });

  it('notes of one text lead to each other, and not into another text', () => {
    const html = markdownHtml('a[^1]\n\n[^1]: note', 'n0');
    expect(html).toContain('href="#n0-fn-1"');
    expect(html).toContain('<li id="n0-fn-1">');
    expectHarmless(html);
  });

  it('does nothing, whatever the text', () => {
    const bad = fc.constantFrom(
      ...[
        '<script>',
        '</script>',
        '<img src=x onerror=',
        '"><svg onload=',
        "'",
        '"',
        '](javascript:',
        '![',
        '[',
        '](',
        ')',
        '`',
        '```\n',
        '\n\n',
        '<!--',
        '-->',
        '</title>',
        '<a href="',
        '&lt;',
        '&#106;',
        '<https://a b>',
        '<javascript:a>',
      ],
      ...[
        '[^1]',
        '[^1]: ',
        '[a]: javascript:x\n',
        '| a |\n| - |\n',
        '- ',
        '> ',
        '\u202e',
        '\ud800',
        'http://a"onclick=',
        '<style>',
        '<base href=//x>',
        '</article></main>',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(bad, fc.string({ maxLength: 8 })), { maxLength: 20 }), (pieces) =>
        expectHarmless(markdownHtml(pieces.join(''), 'n0')),
      ),
      { numRuns: 1_000 },
    );
  });

  it('shows as it is what would take for ever to read', { timeout: 20_000 }, () => {
    for (const text of [
      '[a]('.repeat(100_000),
      '> '.repeat(5_000),
      `${'- '.repeat(5_000)}a`,
      '*a_ '.repeat(50_000),
      'x'.repeat(300_000),
    ]) {
      const html = markdownHtml(text, 'n0');
      expect(html.length).toBeGreaterThan(text.length / 2);
      expectHarmless(html);
    }
  });
});

describe('a page', () => {
  const nodes = ['m1', 't2', 'm2', 't3'].map((id, nth) => pageOf(view.nodes[id]!, nth));
  const page = [pageHead({ title: view.title, createdAt: view.at }), ...nodes, pageEnd].join('');

  it('has a strict policy, no script, nothing from outside, and its title as text', () => {
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`,
    );
    expect(page).toContain('<title>Greek “chorus” &amp; &lt;b&gt;more&lt;/b&gt;</title>');
    expect(page).not.toMatch(/<script|<link|<img|<iframe| on\w+=| style="|url\(/i);
  });

  it('says who spoke, with colour and glyph, and how an answer ended', () => {
    expect(page).toContain('<article data-sp="athena">');
    expect(page).toContain('<use href="#g-athena"/>');
    expect(page).toContain(
      '<h2 dir="auto">Athena</h2><span class="facts">gpt-5 at OpenAI</span><time datetime="2025-06-01T12:00:10.000Z">',
    );
    expect(page).toContain('<details><summary>Reasoning</summary>');
    const failed: TurnNode = {
      ...(view.nodes.t3 as TurnNode),
      state: 'failed',
      problem: { code: 'LIMIT', message: '<b>Too long' },
    };
    expect(pageOf(failed, 0)).toContain('<p class="end failed">&lt;b&gt;Too long</p>');
  });

  it('looks as the window does', () => {
    const css = read('tokens.css');
    for (const [name, value] of Object.entries(tokens)) expect(css).toContain(`--${name}: ${value};`);
    const sprites = read('glyphs.svg') + read('signs.svg');
    for (const [id, paths] of Object.entries(signs))
      expect(sprites).toMatch(
        new RegExp(`id="${id}"[^>]*>${paths.replace(/[.*+?^${'$'}{}()|[\\]\\\\]/g, '\\\\$&')}</symbol>`),
      );
  });
});
