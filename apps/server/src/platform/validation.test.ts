import { expect, it } from 'vitest';
import { describeUnstorable } from './validation.ts';

it('names every text that no database keeps: with NUL, or with half of a surrogate pair', () => {
  const value = {
    name: 'a\u0000b',
    list: ['fine', '\ud800'],
    deep: { emoji: '📖' },
    n: 1,
    none: null,
  };
  expect(describeUnstorable('body', value)).toEqual([
    { path: 'body.name', code: 'field.unstorable', message: expect.stringContaining('NUL') },
    {
      path: 'body.list.1',
      code: 'field.unstorable',
      message: expect.stringContaining('surrogate'),
    },
  ]);
});

it('has nothing to say about other texts, or about nothing', () => {
  expect(describeUnstorable('body', undefined)).toEqual([]);
  expect(describeUnstorable('query', { q: 'L\u2019été\n\u{1f4d6}' })).toEqual([]);
});
