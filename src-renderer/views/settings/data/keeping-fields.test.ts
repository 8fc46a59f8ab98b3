import { expect, it } from 'vitest';
import { usualKeeping } from '#shared/domain/keeping.ts';
import { fieldsOf, keepingOf } from './keeping-fields.ts';

it('rules go into fields and back', () => {
  const fields = fieldsOf(usualKeeping);
  expect(fields).toEqual({ trashDays: '30', unusedDays: '', megabytes: '', everyHours: '24', keep: '7' });
  expect(keepingOf(fields)).toEqual({ keeping: usualKeeping });
  const typed = { trashDays: '', unusedDays: ' 90 ', megabytes: '2.5', everyHours: '', keep: '3' };
  const keeping = {
    trashDays: null,
    unusedDays: 90,
    mostBytes: 2_500_000,
    backups: { keep: 3, everyHours: null },
  };
  expect(keepingOf(typed)).toEqual({ keeping });
});

it.each([
  ['trashDays', '0', 'A whole number of days, 3,650 at most, or nothing.'],
  ['trashDays', '1.5', 'A whole number of days, 3,650 at most, or nothing.'],
  ['unusedDays', 'soon', 'A whole number of days, 36,500 at most, or nothing.'],
  ['megabytes', '0.2', 'A number of megabytes, 1 at least, or nothing.'],
  ['everyHours', '-1', 'A whole number of hours, 8,760 at most, or nothing.'],
  ['keep', '', 'A whole number from 1 to 100.'],
  ['keep', '101', 'A whole number from 1 to 100.'],
])('%s: “%s” is told at its field', (field, typed, problem) => {
  expect(keepingOf({ ...fieldsOf(usualKeeping), [field]: typed })).toEqual({ problems: { [field]: problem } });
});
