import { expect, test } from 'vitest';
import * as lefff from './lefff.ts';

test('the lexicon loads once, fast and small', async () => {
  const before = process.cpuUsage();
  const loading = lefff.loadLefff();
  expect(lefff.loadLefff()).toBe(loading);
  await loading;
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(4);
  // The bytes of the file and two tables; the rest of the process is not ours.
  expect(process.memoryUsage().external / 1e6).toBeLessThan(150);
});

test('forms are known by what they can be', async () => {
  const lexicon = await lefff.loadLefff();
  const has = (form: string, bits: number) => (lexicon.tagsOf(form) & bits) === bits;
  expect(has('maison', lefff.NOUN | lefff.FEMININE)).toBe(true);
  expect(has('maison', lefff.MASCULINE)).toBe(false);
  expect(has('marchait', lefff.FINITE_3S | lefff.PAST | lefff.IMPERFECT)).toBe(true);
  expect(has('marchaient', lefff.FINITE_3P)).toBe(true);
  expect(has('marchant', lefff.PARTICIPLE_ANT)).toBe(true);
  expect(has('porte', lefff.NOUN | lefff.FINITE_3S)).toBe(true);
  expect(has('Paris', lefff.NAME)).toBe(true);
  expect(has('dans', lefff.FUNCTION_WORD)).toBe(true);
});

test('what is no French word is unknown, however long', async () => {
  const lexicon = await lefff.loadLefff();
  for (const form of ['', 'xyzzy', 'маме', 'a'.repeat(10_000), 'maison\tnc', '\n']) {
    expect(lexicon.tagsOf(form)).toBe(0);
  }
});
