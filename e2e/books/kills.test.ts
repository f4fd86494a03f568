/**
 * Books while the processes that handle them die: a server and two workers on one database, people who upload, open, correct and
 * ask for new versions, and SIGKILL at random moments. Three kills by default; BOOK_KILLS=20 for as many, and BOOK_KILLS_SEED
 * repeats an order as far as processes let it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '@scriptorium/contract';
import { choices, createTestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { expect, it } from 'vitest';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import { startInstallation, type Installation } from '../installation.ts';

const KILLS = Number(process.env['BOOK_KILLS'] ?? 3);
const SEED = Number(process.env['BOOK_KILLS_SEED'] ?? Date.now() % 2 ** 31);

/** Chapter 1 is a service page; 2 to 6 are preloaded. */
const CHAPTERS = 8;
const LONGEST_WAIT_MS = 800;

/** What people have been told about a chapter last: whether it is a service page. */
type Verdicts = Map<number, boolean>;

async function uploadTwice(installation: Installation, title: string): Promise<number> {
  const pages: Record<string, string> = {
    Copyright: '<p>Copyright 2020 by A. Writer. All rights reserved. ISBN 978-0-00-000000-2</p>',
  };
  for (let i = 2; i <= CHAPTERS; i += 1) pages[`Part ${i}`] = scene(`${i} of ${title}`).repeat(40);
  const file = fileOf(await tinyEpub({ title, pages }), 'book.epub');
  const upload = () =>
    installation.insist((client) => client.call(routes.books.upload, { form: { file } }));
  const [first, second] = await Promise.all([upload(), upload()]);
  if ('refusal' in first || 'refusal' in second) throw new Error('A book was refused.');
  expect(first.book.id).toBe(second.book.id);
  return first.book.id;
}

/** One thing that a person does to a chapter. Corrections are noted: they have to be there in the end. */
async function act(
  installation: Installation,
  params: { id: number; n: number },
  what: number,
  verdicts: Verdicts,
): Promise<void> {
  if (what < 2) {
    await installation.insist((client) =>
      client.call(routes.books.extractDescriptions, { params }),
    );
    return;
  }
  const body = what === 2 ? {} : { is_service_page: what === 3 };
  const answer = await installation.insist((client) =>
    client.call(routes.books.reprocess, { params, body }),
  );
  const refusal = 'refusal' in answer ? answer.refusal : undefined;
  expect([undefined, 'book.service_page']).toContain(refusal);
  if (refusal === undefined && what > 2) verdicts.set(params.n, what === 3);
}

/** All jobs of all books, once none of them is open. */
async function untilAllJobsHaveEnded(pool: Pool): Promise<void> {
  await expect
    .poll(
      async () => {
        const sql = 'SELECT count(*)::int AS open FROM kernel.jobs WHERE finished_at IS NULL';
        return (await pool.query<{ open: number }>(sql)).rows[0]?.open;
      },
      { timeout: 120_000, interval: 500 },
    )
    .toBe(0);
}

async function check(pool: Pool, bookId: number, verdicts: Verdicts): Promise<void> {
  const { rows: chapters } = await pool.query<{
    number: number;
    page_class: string;
    effective_class: string;
    is_there: boolean;
    is_whole: boolean;
  }>(
    `SELECT c.number, c.page_class, c.effective_class, s.work_id IS NOT NULL AS is_there,
            COALESCE(s.generation = wanted_generation(c.book_id, c.number), true)
              AND NOT EXISTS (SELECT FROM descriptions d
                               WHERE d.work_id = s.work_id
                                 AND strpos(c.text, d.quote) = 0) AS is_whole
       FROM chapters c
       LEFT JOIN current_description_sets s ON s.book_id = c.book_id AND s.chapter = c.number
      WHERE c.book_id = $1
      ORDER BY c.number`,
    [bookId],
  );
  expect(chapters).toHaveLength(CHAPTERS);
  for (const chapter of chapters) {
    const isServicePage = verdicts.get(chapter.number) ?? chapter.number === 1;
    expect(chapter.page_class).toBe(chapter.number === 1 ? 'service' : 'chapter');
    expect(chapter.effective_class === 'service').toBe(isServicePage);
    const isPromised = !isServicePage && chapter.number >= 2 && chapter.number <= 6;
    expect(chapter).toMatchObject({ is_there: isPromised || chapter.is_there, is_whole: true });
  }
}

it(
  `keeps every verdict, description and file through ${KILLS} kills (seed ${SEED})`,
  async () => {
    const random = choices(SEED);
    const { below } = random;
    const database = await createTestDatabase();
    const pool = database.pool();
    const installation = await startInstallation({
      databaseUrl: database.connectionString,
      servers: 1,
      workers: 2,
      choices: random.fork(),
    });
    const books: { id: number; verdicts: Verdicts }[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const moment = delay(below(LONGEST_WAIT_MS));
      const victim = installation.roles[below(installation.roles.length)]!;
      const killed = moment.then(() => installation.kill(victim));
      if (kill % 3 === 0) {
        const id = await uploadTwice(installation, `Kill ${kill}`);
        books.push({ id, verdicts: new Map() });
      }
      const { id, verdicts } = books[below(books.length)]!;
      const chapters = new Set(Array.from({ length: 4 }, () => 1 + below(CHAPTERS)));
      await Promise.all([...chapters].map((n) => act(installation, { id, n }, below(5), verdicts)));
      await killed;
    }
    await untilAllJobsHaveEnded(pool);

    for (const { id, verdicts } of books) await check(pool, id, verdicts);
    const { rows: bad } = await pool.query(
      `SELECT id, status, gaps FROM kernel.jobs WHERE status <> 'completed' OR gaps <> '[]'`,
    );
    expect(bad).toEqual([]);
    // Every effect once: one recorded result a work, whatever was begun.
    const { rows: twice } = await pool.query(
      `SELECT work_id FROM kernel.attempts WHERE outcome = 'done' GROUP BY work_id HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
    const { rows: lost } = await pool.query(
      'SELECT b.id FROM books b LEFT JOIN kernel.artifacts a ON a.id = b.original_id WHERE a.id IS NULL',
    );
    expect(lost).toEqual([]);
    await installation.stop();
    await pool.end();
    await database.drop();
  },
  120_000 + KILLS * 20_000,
);
