import { expect, test } from 'vitest';
import { withCaret } from './caret.ts';

const text = (value: string) => ({ type: 'text', value });
const element = (tagName: string, ...children: object[]) => ({ type: 'element', tagName, children });
const caret = { type: 'element', tagName: 'span', properties: { className: ['caret'] }, children: [] };

function placed(...children: object[]) {
  const tree = { type: 'root', children };
  withCaret()(tree as never);
  return tree.children;
}

test('the caret stands behind the last word, inside its paragraph', () => {
  expect(placed(element('p', text('a')), text('\n'), element('p', text('b')), text('\n'))).toEqual([
    element('p', text('a')),
    text('\n'),
    element('p', text('b'), caret),
    text('\n'),
  ]);
});

test('it goes into lists and emphasis down to the text', () => {
  expect(placed(element('ul', element('li', element('strong', text('a')))))).toEqual([
    element('ul', element('li', element('strong', text('a'), caret))),
  ]);
});

test('behind a table or a rule it stands by itself', () => {
  expect(placed(element('table', element('tr')))).toEqual([element('table', element('tr')), caret]);
  expect(placed()).toEqual([caret]);
});
