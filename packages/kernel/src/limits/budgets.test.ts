import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKernel, type KernelUnderTest } from '../testing/kernel-under-test.ts';
import {
  openBudgets,
  type Budget,
  type BudgetOptions,
  type Grant,
  type Refusal,
} from './budgets.ts';

/* A budget in two processes on one database, whose time is driven. */

const NOBODY_WAITS = () => Promise.resolve(false);
const SOMEBODY_WAITS = () => Promise.resolve(true);

let under: KernelUnderTest;
let pools: KernelUnderTest['pool'][];
let count = 0;

beforeAll(async () => {
  under = await startKernel({ pipelines: [], time: 'driven' });
  pools = [under.first.pool, (await under.another()).pool];
});
afterAll(() => under.close());

/** The same provider's budget as two processes see it; every call is about a provider of its own. */
function inTwoProcesses(limits: BudgetOptions[string] | undefined) {
  const provider = `acme${(count += 1)}`;
  const options = limits === undefined ? {} : { [provider]: limits };
  const [open, openThere] = pools.map((pool) => openBudgets(pool, options, under.log));
  const here = open!(provider, NOBODY_WAITS);
  const there = openThere!(provider, NOBODY_WAITS);
  const forPerson = open!(provider, SOMEBODY_WAITS);
  return { provider, here, there, forPerson };
}

async function grantOf(taken: ReturnType<Budget['take']>): Promise<Grant> {
  const answer = await taken;
  if (!answer.granted) throw new Error(`Refused: ${answer.reason}`);
  return answer;
}

async function refusalOf(taken: ReturnType<Budget['take']>): Promise<Refusal> {
  const answer = await taken;
  if (answer.granted) throw new Error('Granted.');
  return answer;
}

const call = { tokens: 0 };

describe('requests', () => {
  test('are counted once for all processes, and the next minute brings new ones', async () => {
    const { provider, here, there } = inTwoProcesses({ requestsPerMinute: 10 });
    for (const budget of [here, there, here, there, here, there, here, there]) {
      await grantOf(budget.take(call));
    }
    for (const budget of [here, there]) {
      const { seconds, reason } = await refusalOf(budget.take(call));
      expect(reason).toBe(`${provider}'s budget of 10 requests a minute`);
      expect(seconds).toBe(60);
    }
    await under.elapse(61);
    expect(await there.take(call)).toMatchObject({ granted: true });
  });

  test('are never more than the budget, however many ask at the same moment', async () => {
    const { here, there } = inTwoProcesses({ requestsPerMinute: 10 });
    const asked = Array.from({ length: 60 }, (_, index) => (index % 2 ? here : there).take(call));
    const granted = (await Promise.all(asked)).filter((answer) => answer.granted);
    expect(granted).toHaveLength(8);
  });

  test('keep a fifth for works for which a person waits, also in a crowd of others', async () => {
    const { here, there, forPerson } = inTwoProcesses({ requestsPerMinute: 10 });
    const crowd = Array.from({ length: 60 }, (_, index) => (index % 2 ? here : there).take(call));
    await Promise.all([forPerson.take(call), forPerson.take(call)].map(grantOf));
    const others = (await Promise.all(crowd)).filter((answer) => answer.granted).length;
    expect(await here.take(call)).toMatchObject({ granted: false });
    // What persons took out of the common part is still there for them in the kept one, and no more than that.
    for (let left = 10 - 2 - others; left > 0; left -= 1) await grantOf(forPerson.take(call));
    expect(await forPerson.take(call)).toMatchObject({ granted: false });
  });
});

describe('tokens', () => {
  test('are refused as a whole, and a refusal takes nothing away', async () => {
    const { provider, here, there } = inTwoProcesses({
      requestsPerMinute: 3,
      tokensPerMinute: 1000,
    });
    await grantOf(here.take({ tokens: 700 }));
    for (let time = 0; time < 5; time += 1) {
      expect(await there.take({ tokens: 101 })).toMatchObject({
        granted: false,
        reason: `${provider}'s budget of 1000 tokens a minute`,
      });
    }
    await grantOf(there.take({ tokens: 100 }));
  });

  test('that a call did not use are free for others, and what it used beyond is charged', async () => {
    const { here, there } = inTwoProcesses({ tokensPerMinute: 1000 });
    const grant = await grantOf(here.take({ tokens: 800 }));
    expect(await there.take({ tokens: 1 })).toMatchObject({ granted: false });
    await grant.correct({ tokens: 100 });
    const other = await grantOf(there.take({ tokens: 600 }));
    await other.correct({ tokens: 700.5 });
    expect(await here.take({ tokens: 1 })).toMatchObject({ granted: false });
  });

  test('that one call gives back are there for the next one, which begins at the same moment', async () => {
    const { here } = inTwoProcesses({ tokensPerMinute: 1000 });
    const grant = await grantOf(here.take({ tokens: 800 }));
    const [, next] = await Promise.all([
      grant.correct({ tokens: 100 }),
      grantOf(here.take({ tokens: 600 })),
    ]);
    expect(await here.take({ tokens: 101 })).toMatchObject({ granted: false });
    await next.correct({ tokens: 600 });
    await grantOf(here.take({ tokens: 100 }));
  });

  test('that are given back together with a call that is refused are there for a smaller one', async () => {
    const { here, there } = inTwoProcesses({ tokensPerMinute: 1000 });
    const grant = await grantOf(here.take({ tokens: 800 }));
    const [, refused] = await Promise.all([
      grant.correct({ tokens: 500 }),
      here.take({ tokens: 301 }),
    ]);
    expect(refused).toMatchObject({ granted: false });
    await grantOf(there.take({ tokens: 300 }));
  });

  test('of two minutes are given back each to its own', async () => {
    const { here, there } = inTwoProcesses({ tokensPerMinute: 1000 });
    const earlier = await grantOf(here.take({ tokens: 800 }));
    await under.elapse(61);
    const later = await grantOf(here.take({ tokens: 700 }));
    await Promise.all([
      later.correct({ tokens: 600 }),
      earlier.correct({ tokens: 0 }),
      here.take({ tokens: 300 }),
    ]);
    expect(await there.take({ tokens: 201 })).toMatchObject({ granted: false });
    await grantOf(there.take({ tokens: 200 }));
  });

  test('that are given back after their minute do not enlarge the next one', async () => {
    const { here, there } = inTwoProcesses({ tokensPerMinute: 1000 });
    const grant = await grantOf(here.take({ tokens: 800 }));
    await under.elapse(61);
    await grant.correct({ tokens: 0 });
    await grantOf(there.take({ tokens: 800 }));
    expect(await there.take({ tokens: 1 })).toMatchObject({ granted: false });
  });

  test('of a call that is larger than a minute are all that the minute has', async () => {
    const { here, forPerson } = inTwoProcesses({ tokensPerMinute: 1000 });
    await grantOf(forPerson.take({ tokens: 5000 }));
    expect(await here.take({ tokens: 1 })).toMatchObject({ granted: false });
    // It does not fit into the kept part either, which stays for smaller ones.
    expect(await forPerson.take({ tokens: 5000 })).toMatchObject({ granted: false });
    await grantOf(forPerson.take({ tokens: 200 }));
  });
});

describe('a pause', () => {
  test('stops every process and every caller, says why, and the longest one stands', async () => {
    const { here, there, forPerson } = inTwoProcesses({ requestsPerMinute: 10 });
    await here.pause(30, 'acme asks to wait');
    await there.pause(5, 'too short');
    for (const budget of [here, there, forPerson]) {
      expect(await budget.take(call)).toEqual({
        granted: false,
        seconds: 30,
        reason: 'acme asks to wait',
      });
    }
    await there.pause(10_000_000, 'a broken header');
    expect(await here.take(call)).toMatchObject({ seconds: 86_400, reason: 'a broken header' });
  });

  test('holds for a provider without limits too, and for no other provider', async () => {
    const paused = inTwoProcesses(undefined);
    const other = inTwoProcesses(undefined);
    for (let time = 0; time < 20; time += 1) await grantOf(paused.here.take({ tokens: 1e9 }));
    await paused.here.pause(30, 'acme asks to wait');
    expect(await paused.there.take(call)).toMatchObject({ granted: false, seconds: 30 });
    await grantOf(other.here.take(call));
  });
});

test('a correction that the database cannot take costs nobody an answer, and is logged', async () => {
  const pool = under.database.pool();
  const open = openBudgets(pool, { leaving: { tokensPerMinute: 1000 } }, under.log);
  const grant = await grantOf(open('leaving', NOBODY_WAITS).take({ tokens: 10 }));
  await pool.end();
  await grant.correct({ tokens: 20 });
  expect(under.log.lines.at(-1)).toMatchObject({
    level: 'warn',
    message: 'A budget was not corrected',
    fields: { provider: 'leaving', tokens: 10 },
  });
});

test('a budget that allows nothing, or a part of a request, is refused at the start', () => {
  for (const requestsPerMinute of [0, -1, 1.5, Number.NaN, 1e12]) {
    expect(() => openBudgets(under.pool, { acme: { requestsPerMinute } }, under.log)).toThrow(
      expect.objectContaining({ code: 'limits.invalid_budget' }),
    );
  }
});
