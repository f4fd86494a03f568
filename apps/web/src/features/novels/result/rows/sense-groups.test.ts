import { expect, it } from 'vitest';
import { linesOf } from './sense-groups.ts';

it('puts the sense groups of each sentence below one another, and leaves the others whole', () => {
  const row = {
    label: 'over_limit',
    sentences: ['Elle avait enseigné la lecture à tout ce que la ville comptait.', 'Elle dort.'],
    groups: ['Elle avait enseigné la lecture', 'à tout ce que la ville comptait.', 'Elle dort.'],
  } as const;
  expect(linesOf(row)).toEqual([
    ['Elle avait enseigné la lecture', 'à tout ce que la ville comptait.'],
    ['Elle dort.'],
  ]);
});

it('shows what a person wrote, and not the groups of what stood there before', () => {
  const row = {
    label: 'edited',
    sentences: ['Elle dort.'],
    groups: ['Elle avait', 'lu.'],
  } as const;
  expect(linesOf(row)).toEqual([['Elle dort.']]);
});
