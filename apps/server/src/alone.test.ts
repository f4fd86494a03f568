import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it } from 'vitest';

it('answers a claim that it cannot read with an error, and ends', async () => {
  const child = fork(path.join(import.meta.dirname, 'alone.ts'), {
    // Nobody listens there: a claim is read before the database is asked for anything.
    env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', LOG_LEVEL: 'silent' },
  });
  const exited = once(child, 'exit');
  const answered = once(child, 'message');
  child.send({ workId: 'none' });
  // A child that ends without a word must not be waited for.
  const [answer] = await Promise.race([answered, exited]);
  expect(answer).toMatchObject({ type: 'error', code: 'work.failed' });
  expect(await exited).toEqual([0, null]);
});
