import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurnstile, type Passage } from './turnstile.ts';

/** Conversations of which the test answers every question, and sees which answers have come through. */
function underTest() {
  const open = createTurnstile();
  const through: string[] = [];
  const speaker = (name: string) => {
    let answer = Promise.withResolvers<Response>();
    const passage: Passage = open(() => {
      answer = Promise.withResolvers();
      return answer.promise;
    });
    return {
      passage,
      ask: async () => {
        await passage.fetch('http://model.test/');
        through.push(name);
      },
      answered: () => answer.resolve(new Response()),
      lost: () => answer.reject(new Error('The line is dead.')),
    };
  };
  return { through, speaker };
}

/** Everything that needs no clock has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

test('of answers that come together, each is dealt with when the question after the one before is out', async () => {
  const { through, speaker } = underTest();
  const [a, b, c] = [speaker('a'), speaker('b'), speaker('c')];
  const asked = [a.ask(), b.ask(), c.ask()];
  for (const { answered } of [b, a, c]) answered();
  await settled();
  expect(through).toEqual(['b']);
  const next = b.ask();
  await settled();
  expect(through).toEqual(['b', 'a']);
  a.passage.leave();
  a.passage.leave();
  await Promise.all(asked);
  expect(through).toEqual(['b', 'a', 'c']);
  c.passage.close();
  b.answered();
  await next;
  expect(through).toEqual(['b', 'a', 'c', 'b']);
});

test('an answer waits for one that hangs no longer than a moment', async () => {
  const { through, speaker } = underTest();
  const [a, b, c] = [speaker('a'), speaker('b'), speaker('c')];
  const asked = [a.ask(), b.ask(), c.ask()];
  a.answered();
  await asked[0];
  b.answered();
  c.answered();
  // Nobody leaves.
  await Promise.all(asked);
  expect(through).toEqual(['a', 'b', 'c']);
});

test('whoever gets no answer, or one after it was given up, is in nobody’s way', async () => {
  const { through, speaker } = underTest();
  const [a, b, c] = [speaker('a'), speaker('b'), speaker('c')];
  const lost = a.ask();
  a.lost();
  await expect(lost).rejects.toThrow('The line is dead.');
  b.passage.close();
  const late = b.ask();
  b.answered();
  await late;
  const asked = c.ask();
  c.answered();
  await settled();
  expect(through).toEqual(['b', 'c']);
  await asked;
});
