import { expect, test } from 'vitest';
import { grammarOf } from './languages.ts';

test('a fence names a language by its name or a common short form, in any case', () => {
  expect(['typescript', 'ts', 'TS', 'py', 'C++', 'sh'].map(grammarOf)).toEqual([
    'typescript',
    'typescript',
    'typescript',
    'python',
    'cpp',
    'bash',
  ]);
});

test('an unknown language, or an inherited name, has no grammar', () => {
  expect(['', 'klingon', 'constructor', 'toString'].map(grammarOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
