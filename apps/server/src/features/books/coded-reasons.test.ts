import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createServerDatabase } from '../../testing.ts';

const MIGRATION = path.join(import.meta.dirname, '../../../migrations/0011_coded_sentences.sql');

/** What servers before the codes wrote, and what it is for programs. */
const REASONS = [
  ['the publisher marks it as "titlepage"', 'page.marked', { type: 'titlepage' }],
  ['the landmarks or the guide call it "toc"', 'page.called', { type: 'toc' }],
  ['its title is "The "Fire" Copy"', 'page.titled', { title: 'The "Fire" Copy' }],
  [
    'its file is named front/title page.xhtml',
    'page.file_named',
    { file: 'front/title page.xhtml' },
  ],
  [
    'its title is "Part I" and it has 4 words',
    'page.divider_titled',
    { title: 'Part I', count: 4 },
  ],
  ['73 % of it are links into the book (21 of them)', 'page.links', { percent: 73, count: 21 }],
  [
    'it is worded like an imprint or advert (2 signs in 130 words)',
    'page.wording',
    { count: 2, words: 130 },
  ],
  ['it has only 3 words and no title of a chapter', 'page.short', { count: 3 }],
  [
    'it has only 3 words and no title of a chapter, among the first pages',
    'page.short_in_front',
    { count: 3 },
  ],
  ['a prologue or epilogue of 812 words is always text', 'page.prologue', { count: 812 }],
  ['nothing speaks against it being text', 'page.nothing_against', {}],
  ['no page of the book would be text otherwise', 'page.only_text', {}],
  ['words of a server that nobody remembers', null, {}],
] as const;

/** A database as it was before the migration. */
async function olderDatabase(): Promise<Pool> {
  const database = await createServerDatabase();
  onTestFinished(() => database.drop());
  const pool = database.pool();
  await pool.query(
    `DROP TRIGGER chapters_written_once ON chapters;
     ALTER TABLE chapters DROP COLUMN page_class_reason_code, DROP COLUMN page_class_reason_params;
     CREATE TRIGGER chapters_written_once
       BEFORE UPDATE OF content, notes, text, text_hash, page_class, page_class_reason ON chapters
       FOR EACH ROW EXECUTE FUNCTION refuse_change();
     INSERT INTO users (email, password_hash, role) VALUES ('ada@example.org', 'x', 'owner');`,
  );
  return pool;
}

test('reasons that were stored as words alone get their codes and values, and unknown ones stay words', async () => {
  const pool = await olderDatabase();
  await pool.query(
    `INSERT INTO books (owner_id, sha256, file_name, file_bytes, format, title, authors, toc, toc_source, warnings, words, parser_version)
     SELECT id, repeat('a', 64), 'a.epub', 4, 'epub', 'A', '[]', '[]', 'nav', '[]', 1, 1 FROM users`,
  );
  await pool.query(
    `INSERT INTO chapters (book_id, number, title, path, content, notes, text, text_hash, words, page_class, page_class_reason)
     SELECT b.id, r.number, 'One', '[]', '[]', '[]', 'x', repeat('b', 64), 1, 'service', r.reason
       FROM books b
      CROSS JOIN unnest($1::text[]) WITH ORDINALITY AS r (reason, number)`,
    [REASONS.map(([reason]) => reason)],
  );
  await pool.query(await readFile(MIGRATION, 'utf8'));
  const { rows } = await pool.query(
    'SELECT page_class_reason, page_class_reason_code, page_class_reason_params FROM chapters ORDER BY number',
  );
  expect(rows).toEqual(
    REASONS.map(([reason, code, params]) => ({
      page_class_reason: reason,
      page_class_reason_code: code,
      page_class_reason_params: params,
    })),
  );
  await expect(pool.query(`UPDATE chapters SET page_class_reason_code = NULL`)).rejects.toThrow(
    'written once',
  );
});

test('what was odd about a PDF becomes a warning with a code', async () => {
  const pool = await olderDatabase();
  const sentences = [
    'The outline lists 12 pages, not chapters.',
    'Without an outline, 3 chapters were found by their headings.',
    'Only pictures, no text: pages 2, 4–6. If they are scans, what stands on them is missing here.',
    'Something else.',
  ];
  await pool.query(
    `INSERT INTO novels (owner_id, sha256, file_name, file_bytes, artifact_id, title, page_count, words, sentence_count, chapters, warnings, reader_version)
     SELECT id, repeat('c', 64), 'n.pdf', 1, gen_random_uuid(), 'N', 1, 1, 1, '[]', $1, 1 FROM users`,
    [JSON.stringify(sentences)],
  );
  await pool.query(await readFile(MIGRATION, 'utf8'));
  const { rows } = await pool.query('SELECT warnings FROM novels');
  expect(rows[0]?.warnings).toEqual([
    { code: 'outline.ignored', message: sentences[0], params: { count: 12 } },
    { code: 'chapters.headings', message: sentences[1], params: { count: 3 } },
    { code: 'pdf.pages_without_text', message: sentences[2], params: { pages: '2, 4–6' } },
    { code: 'pdf.odd', message: sentences[3] },
  ]);
});
