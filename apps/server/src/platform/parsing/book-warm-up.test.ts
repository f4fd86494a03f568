import { expect, it } from 'vitest';
import { warmUp } from './book-warm-up.ts';

it('reads its book to the end', async () => {
  await expect(warmUp(() => false)).resolves.toBeUndefined();
});

it('ends when there is something real to do', async () => {
  let asked = 0;
  await warmUp(() => {
    asked += 1;
    return asked === 3;
  });
  expect(asked).toBe(3);
});
