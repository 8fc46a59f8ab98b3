import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from './Markdown.tsx';

/** The painted text with `|` at each join and `‖` at the one where the line in the margin begins. */
function painted(text: string, ...offsets: number[]): string {
  const seams = offsets.map((offset) => ({ offset, reason: 'It broke off.' }));
  return renderToStaticMarkup(<Markdown text={text} seams={seams} />)
    .replace(/<span class="seam first"[^>]*><\/span>/g, '‖')
    .replace(/<span class="seam"[^>]*><\/span>/g, '|')
    .replace(/<div[^>]*>|<\/div>/g, '');
}

test('the join is marked at its very place, in the middle of a word', () => {
  expect(painted('Thursday', 5)).toBe('<p>Thurs‖day</p>');
});

test('several joins are marked each, and the line begins at the first one', () => {
  expect(painted('one two three', 4, 8)).toBe('<p>one ‖two |three</p>');
});

test('a join in a later block is counted from the start of the answer', () => {
  expect(painted('First.\n\nSecond one.', 14)).toBe('<p>First.</p><p>Second‖ one.</p>');
});

test('a join inside emphasis and lists goes down to the text', () => {
  expect(painted('- a\n- **bold** b', 10)).toContain('<strong>bo‖ld</strong>');
});

test('a join at the very end of what came stands behind it', () => {
  expect(painted('So far', 6)).toBe('<p>So far‖</p>');
  expect(painted('So far ', 7)).toBe('<p>So far‖</p>');
});

test('a join between two blocks belongs to what follows', () => {
  expect(painted('First.\n\nSecond.', 8)).toBe('<p>First.</p><p>‖Second.</p>');
});

test('a join inside code stands before it', () => {
  expect(painted('a `code` b', 5)).toBe('<p>a ‖<code>code</code> b</p>');
});

test('the join tells a screen reader why', () => {
  const seams = [{ offset: 1, reason: 'It broke off.' }];
  expect(renderToStaticMarkup(<Markdown text="ab" seams={seams} />)).toContain(
    'role="button" tabindex="0" aria-label="Continued here. It broke off."',
  );
});
