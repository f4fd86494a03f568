import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Actors, type Action, type CallEnding, type Command } from '../testing/actors.ts';
import { expectNone } from '../testing/expect-none.ts';

const RUNS = Number(process.env['PROP_RUNS'] ?? 20);
/** A run takes a second or two, half of it until the last confirmation has expired; a counterexample needs a minute more to become a short one. */
const LIMIT_MS = 60_000 + RUNS * 8000;

const CEILING = 40;

const place = fc.nat({ max: 7 });
const owner = fc.constantFrom(1, 2);
const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), {
  minLength: 1,
  maxLength: 6,
});
/** With four, which is all that run at once, tasks stand behind those at work. */
const parallel = fc.constantFrom(5, 4, 1);
const ending = fc.constantFrom<CallEnding[]>('done', 'failed', 'throw', 'retry after');
/** Less than a ceiling, one, some, and more than there ever is. */
const amount = fc.constantFrom(30, 40, 100, 200, 5000);
const kind = <K extends Action['kind']>(name: K) => fc.constant(name);

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('grant'),
      owner,
      amount: fc.constantFrom(100, 400, -50, -500),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: kind('submit'), owner, words, parallel, credits: amount }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('confirm'),
      owner,
      amount,
      seconds: fc.constantFrom(2, 10),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('redeem'), confirmation: place, owner, words, parallel }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('end'),
      call: place,
      how: ending,
      tokens: fc.constantFrom(0, 10, 35, 70),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: kind('elapse'), seconds: fc.constantFrom(1, 2, 5, 12) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('kill'), process: place }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('oversleep'), process: place, how: ending }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('stop'), process: place }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('cancel'), job: place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('retry'),
      job: place,
      replay: fc.boolean(),
      credits: amount,
    }),
  },
);

const commands: fc.Arbitrary<Command[]> = fc.array(
  fc
    .tuple(action, fc.boolean())
    .map(([each, isHurried]): Command => Object.assign({}, each, { isHurried })),
  { minLength: 1, maxLength: 25, size: 'max' },
);

/** Without credits there is not much that could go wrong. */
const BEGINNING: Command[] = [1, 2].map((each) => ({
  kind: 'grant',
  owner: each,
  amount: 300,
  isHurried: true,
}));

/** What no transaction may leave behind: each query finds the rows that break its sentence. */
const NEVER = {
  'accounts that are not zero together': `
    SELECT sum(balance) FROM kernel.accounts HAVING sum(balance) <> 0`,
  'an owner below zero': `SELECT * FROM kernel.accounts WHERE owner_id IS NOT NULL AND balance < 0`,
  'a balance that is not what came less what went': `
    SELECT a.id, a.kind, a.owner_id, a.balance
      FROM kernel.accounts a
     WHERE a.balance <> (SELECT COALESCE(sum(CASE a.id WHEN e.to_account THEN e.amount ELSE -e.amount END), 0)
                           FROM kernel.entries e
                          WHERE a.id IN (e.from_account, e.to_account))`,
  'held credits that are not those of the open holds': `
    SELECT a.owner_id, a.balance
      FROM kernel.accounts a
     WHERE a.kind = 'held'
       AND a.balance <> (SELECT COALESCE(sum(h.amount), 0)
                           FROM kernel.holds h
                          WHERE h.owner_id = a.owner_id AND h.settled_at IS NULL)`,
  'a hold that is settled without its one settlement, or with another amount, or before its end': `
    SELECT h.job_id, h.amount, h.charged, h.settled_at, array_agg(e.kind || ' ' || e.amount)
      FROM kernel.holds h
      LEFT JOIN kernel.entries e ON e.job_id = h.job_id
     GROUP BY h.job_id
    HAVING count(*) FILTER (WHERE e.kind = 'hold' AND e.amount = h.amount) <> 1
        OR count(*) FILTER (WHERE e.kind = 'settle') <> (h.settled_at IS NOT NULL)::int
        OR (h.settled_at IS NOT NULL
            AND (sum(e.amount) FILTER (WHERE e.kind = 'settle') <> h.charged
                 OR COALESCE(sum(e.amount) FILTER (WHERE e.kind = 'release'), 0) <> h.amount - h.charged))`,
  'a job that has ended and holds credits, or goes on without them': `
    SELECT j.id, j.status, h.settled_at
      FROM kernel.jobs j
      LEFT JOIN kernel.holds h ON h.job_id = j.id AND h.adopted_at IS NOT NULL
     WHERE j.has_hold
       AND (h.job_id IS NULL OR (h.settled_at IS NOT NULL) <> (j.finished_at IS NOT NULL))`,
  'charges of a hold that are not those of its results': `
    SELECT h.job_id, h.charged
      FROM kernel.holds h
     WHERE h.charged <> (SELECT COALESCE(sum(c.amount), 0) FROM kernel.charges c WHERE c.job_id = h.job_id)`,
  'parts at work that the hold does not cover': `
    SELECT h.job_id, h.amount, h.charged, sum(c.ceiling)
      FROM kernel.holds h
      JOIN kernel.chunks c ON c.job_id = h.job_id AND c.status = 'active'
      JOIN kernel.works w ON w.id = c.work_id AND w.status IN ('queued', 'running')
     GROUP BY h.job_id
    HAVING h.charged + sum(c.ceiling) > h.amount`,
  'a result that is not charged as its recorded attempt used, or something else that is charged': `
    SELECT w.id, w.status, u.tokens, c.amount
      FROM kernel.works w
      LEFT JOIN kernel.attempts a ON a.work_id = w.id AND a.outcome = 'done'
      LEFT JOIN LATERAL (
             -- An attempt whose work has passed on to another job has used something for each.
             SELECT sum(tokens) AS tokens
               FROM kernel.usages
              WHERE work_id = w.id AND task_id = a.task_id AND delivery = a.delivery) u ON true
      LEFT JOIN kernel.charges c ON c.work_id = w.id
     WHERE c.amount IS DISTINCT FROM
           CASE WHEN w.kind = 'chunk' AND w.status = 'done' THEN LEAST(${CEILING}, u.tokens) END`,
};

/** What must not be there when all is over. */
const NOT_AT_THE_END = {
  'a job that has not ended': `SELECT id, status, stage FROM kernel.jobs WHERE finished_at IS NULL`,
  'a hold that was not settled': `SELECT * FROM kernel.holds WHERE settled_at IS NULL`,
  'a part left out for want of credit although a ceiling is left': `
    SELECT c.job_id, c.index, h.amount, h.charged
      FROM kernel.chunks c
      JOIN kernel.holds h USING (job_id)
     WHERE c.error ->> 'code' = 'out_of_credit'
       AND h.amount - h.charged >= ${CEILING}`,
};

/** What owners have is what they were given, as the givers remember it, less what their results cost. */
async function expectBalances({ under, grants }: Actors): Promise<void> {
  for (const ownerId of [1, 2]) {
    const { rows } = await under.pool.query<{ spent: number }>(
      `SELECT COALESCE(sum(c.amount), 0)::int AS spent
         FROM kernel.charges c
         JOIN kernel.holds h USING (job_id)
        WHERE h.owner_id = $1`,
      [ownerId],
    );
    const given = grants.get(ownerId) ?? 0;
    const balance = given - (rows[0]?.spent ?? 0);
    expect(await under.kernel.credits.balance(ownerId)).toEqual({
      balance,
      held: 0,
      available: balance,
    });
  }
}

test(
  'whatever callers and processes do to one another, all accounts are zero together, nobody is below zero, and each hold ends in one settlement',
  { timeout: LIMIT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (script) => {
        const actors = await Actors.start({ ceiling: CEILING });
        try {
          for (const command of [...BEGINNING, ...script]) {
            await actors.act(command);
            await expectNone(actors.under.pool, NEVER);
          }
          await actors.drain();
          await expectNone(actors.under.pool, { ...NEVER, ...NOT_AT_THE_END });
          await expectBalances(actors);
          expect(actors.errors()).toEqual([]);
        } finally {
          await actors.close();
        }
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS - 30_000, markInterruptAsFailure: true },
    );
  },
);
