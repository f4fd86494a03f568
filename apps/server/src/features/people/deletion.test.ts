import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { query } from '../../platform/database.ts';
import { refusalOf } from '../../testing.ts';
import { startPeople, type PeopleUnderTest } from './testing.ts';

let people: PeopleUnderTest;
let adaId: number;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stop());
beforeEach(async () => {
  await people.pool.query('TRUNCATE users, login_attempts CASCADE');
  await people.add('owner', 'owner');
  adaId = await people.add('ada');
});

/** A book with a chapter that its owner has corrected, a novel, a file, a job that runs, credits, a key and an open link. */
async function furnish(userId: number): Promise<number> {
  const { pool, kernel } = people;
  const owner = await people.as('owner');
  const params = { id: userId };
  await owner.call(routes.people.grant, { params, body: { credits: 9 } });
  await owner.call(routes.people.passwordLink, { params });
  const file = await kernel.receive(
    { ownerId: userId, name: 'a.epub', mediaType: 'application/epub+zip' },
    Buffer.from('book'),
  );
  const [book] = await query<{ id: number }>(
    pool,
    `INSERT INTO books (owner_id, sha256, file_name, file_bytes, format, title, authors, toc, toc_source, warnings, words, parser_version)
     VALUES ($1, repeat('a', 64), 'a.epub', 4, 'epub', 'A', '[]', '[]', 'nav', '[]', 1, 1)
     RETURNING id`,
    [userId],
  );
  const subject = `book:${book!.id}`;
  await kernel.transaction((tx) => kernel.keep(tx, file, { subject }));
  await pool.query(
    `INSERT INTO chapters (book_id, number, title, path, content, notes, text, text_hash, words, page_class, page_class_reason)
     VALUES ($1, 1, 'One', '[]', '[]', '[]', 'x', repeat('b', 64), 1, 'chapter', 'r')`,
    [book!.id],
  );
  await pool.query(
    `INSERT INTO chapter_revisions (book_id, chapter, number, page_class_override, created_by) VALUES ($1, 1, 1, 'service', $2)`,
    [book!.id, userId],
  );
  await pool.query(
    `UPDATE chapters SET page_class_override = 'service', overridden_by = $2, overridden_at = now() WHERE book_id = $1`,
    [book!.id, userId],
  );
  await pool.query(
    `INSERT INTO reading_positions (user_id, book_id, device_id, device_label, chapter, char_offset, share, read_at)
     VALUES ($2, $1, gen_random_uuid(), 'Firefox · Android', 1, 0, 0, now())`,
    [book!.id, userId],
  );
  await pool.query(
    `INSERT INTO novels (owner_id, sha256, file_name, file_bytes, artifact_id, title, page_count, words, sentence_count, chapters, warnings, reader_version)
     VALUES ($1, repeat('c', 64), 'n.pdf', 1, $2, 'N', 1, 1, 1, '[]', '[]', 1)`,
    [userId, file.id],
  );
  return await people.submit({ ownerId: userId, input: [0], subject, credits: 4000 });
}

/** What refers to the user in any table that has an owner or a user. */
async function tracesOf(userId: number): Promise<string[]> {
  const columns = await query<{ name: string; column: string }>(
    people.pool,
    `SELECT format('%I.%I', table_schema, table_name) AS name, column_name AS column
       FROM information_schema.columns
       JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_type = 'BASE TABLE'
        AND table_schema IN ('public', 'kernel')
        AND column_name IN ('owner_id', 'user_id')
      ORDER BY name`,
  );
  const found: string[] = [];
  for (const { name, column } of columns) {
    const rows = await query(people.pool, `SELECT FROM ${name} WHERE ${column} = $1`, [userId]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('deleting a user', () => {
  it('leaves nothing after one sweep but the facts of the ledger', async () => {
    const bobId = await people.add('bob');
    const bobs = await furnish(bobId);
    const job = await furnish(adaId);
    const ada = await people.as('ada');
    const { key } = await ada.call(routes.apiKeys.create, { body: { name: 'k' } });
    expect(await people.files()).toHaveLength(2);
    const before = await tracesOf(adaId);
    expect(before).toEqual(
      expect.arrayContaining([
        'public.books',
        'public.reading_positions',
        'public.novels',
        'kernel.jobs',
      ]),
    );

    const owner = await people.as('owner');
    await owner.call(routes.people.remove, { params: { id: adaId } });
    await people.kernel.sweep();

    expect(await tracesOf(adaId)).toEqual(['kernel.accounts', 'kernel.entries', 'kernel.holds']);
    expect(await people.files()).toHaveLength(1);
    expect(await refusalOf(ada.call(routes.auth.me, {}))).toMatchObject({ status: 401 });
    const headers = { authorization: `Bearer ${key}` };
    expect((await fetch(`${people.url}/api/v1/me`, { headers })).status).toBe(401);
    expect(await refusalOf(people.as('ada'))).toMatchObject({ code: 'auth.invalid_credentials' });
    await expect(people.kernel.job(job, null)).rejects.toMatchObject({ code: 'job.not_found' });
    // The hold was settled by the cancel: all of it was returned.
    expect(await people.kernel.credits.balance(adaId)).toMatchObject({ available: 9000, held: 0 });
    expect(await people.kernel.job(bobs, bobId)).toMatchObject({ finished_at: null });
    await people.kernel.cancel(bobs, bobId, bobId);
  });

  it('is not for the own account without its password, nor for the owner', async () => {
    const owner = await people.as('owner');
    const { user } = await owner.call(routes.auth.me, {});
    expect(
      await refusalOf(owner.call(routes.people.remove, { params: { id: user.id } })),
    ).toMatchObject({ code: 'user.is_caller' });
    const body = { password: 'right password' };
    expect(await refusalOf(owner.call(routes.self.remove, { body }))).toMatchObject({
      status: 403,
      code: 'user.is_owner',
    });
  });
});

describe('deleting the own account', () => {
  it('wants the password, and then signs out for good', async () => {
    const ada = await people.as('ada');
    const wrong = ada.call(routes.self.remove, { body: { password: 'wrong password' } });
    expect(await refusalOf(wrong)).toMatchObject({ status: 403, code: 'auth.wrong_password' });
    await expect(ada.call(routes.auth.me, {})).resolves.toBeDefined();
    await ada.call(routes.self.remove, { body: { password: 'right password' } });
    expect(await tracesOf(adaId)).toEqual([]);
    expect(await refusalOf(ada.call(routes.auth.me, {}))).toMatchObject({ status: 401 });
  });
});
