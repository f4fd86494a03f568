import { routes } from '@scriptorium/contract';
import { writePdf } from '../../../../../packages/documents/src/testing/write-pdf.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, refusalOf } from '../../testing.ts';
import { sampleNovel, startNovelsServer, type NovelsServer } from './testing.ts';

let novels: NovelsServer;
let pdf: Uint8Array;
beforeAll(async () => {
  [novels, pdf] = await Promise.all([startNovelsServer(), sampleNovel()]);
});
afterAll(() => novels.stop());

const form = (bytes: Uint8Array, name = 'novel.pdf') => ({
  file: new File([Uint8Array.from(bytes)], name),
});
const count = async (table: string) => {
  const { rows } = await novels.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
  return rows[0]?.n;
};

describe('handing in a PDF', () => {
  it('reads its pages, language, chapters and first sentences, and spends nothing', async () => {
    const novel = await novels.upload(pdf, 'horloge.pdf');
    expect(novel).toMatchObject({
      title: 'L’horloge de Brumeville',
      file_name: 'horloge.pdf',
      language: 'fr',
      language_support: 'measured',
      job_id: null,
    });
    expect(novel.page_count).toBeGreaterThanOrEqual(12);
    expect(novel.chapters).toHaveLength(5);
    expect(novel.preview).toHaveLength(5);
    // The title and the licence are on a page before the first chapter, whose heading is no sentence.
    expect(novel.preview[0]).toBe('À Brumeville, on ne demandait jamais l’heure.');
    expect(await count('kernel.jobs')).toBe(0);
  });

  it('begins at the first page where no chapters are known', async () => {
    const text = '1 0 0 1 20 250 Tm (Il pleut.) Tj 1 0 0 1 20 235 Tm (Il vente.) Tj';
    const novel = await novels.upload(writePdf({ pages: [{ text }, { text }] }), 'bare.pdf');
    expect(novel.chapters).toEqual([]);
    expect(novel.preview[0]).toBe('Il pleut.');
  });

  it('recognises the same file by its content, and is another novel for another user', async () => {
    const mine = await novels.upload(pdf, 'again.pdf');
    const again = await novels.ada.call(routes.novels.upload, { form: form(pdf) });
    expect(again).toMatchObject({ is_duplicate: true, novel: { id: mine.id } });
    const bobs = await novels.bob.call(routes.novels.upload, { form: form(pdf) });
    expect(bobs.is_duplicate).toBe(false);
    expect(bobs.novel.id).not.toBe(mine.id);
    const refusal = await refusalOf(
      novels.bob.call(routes.novels.get, { params: { id: mine.id } }),
    );
    expect(refusal).toMatchObject({ status: 404, code: 'novel.not_found' });
  });

  it.each([
    ['a file that is no PDF', Buffer.from('<html>no</html>'), 422, 'document.not_a_pdf'],
    ['an empty file', Buffer.alloc(0), 422, 'document.empty'],
    ['a truncated PDF', 'half', 422, 'document.damaged_pdf'],
  ])('refuses %s with what to do, and stores nothing of it', async (_, bytes, status, code) => {
    const before = [await count('novels'), await count('kernel.artifacts')];
    const sent = typeof bytes === 'string' ? pdf.subarray(0, pdf.length / 2) : bytes;
    const refusal = await refusalOf(novels.ada.call(routes.novels.upload, { form: form(sent) }));
    expect(refusal).toMatchObject({ status, code });
    expect([await count('novels'), await count('kernel.artifacts')]).toEqual(before);
  });

  it('asks for the password of an encrypted PDF, and says when it is the wrong one', async () => {
    const text = Array.from(
      { length: 6 },
      (_, line) => `1 0 0 1 20 ${250 - 15 * line} Tm (Il pleut sur la ville ${line}.) Tj`,
    );
    const locked = writePdf({
      pages: [{ text: text.join(' ') }],
      passwords: { user: 'secret', owner: 'other' },
    });
    const send = (password?: string) =>
      novels.ada.call(routes.novels.upload, {
        form: { ...form(locked, 'locked.pdf'), ...(password === undefined ? {} : { password }) },
      });
    expect(await refusalOf(send())).toMatchObject({ code: 'document.password_required' });
    const wrong = await refusalOf(send('guess'));
    expect(wrong).toMatchObject({ status: 422, code: 'document.wrong_password' });
    expect(JSON.stringify(wrong.problem)).not.toContain('guess');
    expect((await send('secret')).novel).toMatchObject({ page_count: 1, sentences: 6 });
  });

  it('refuses a PDF with more pages than the limit, and a form without a file', async () => {
    const small = await startNovelsServer({ environment: { NOVEL_MAX_PAGES: '3' } });
    try {
      const refusal = await refusalOf(small.upload(pdf));
      expect(refusal).toMatchObject({ status: 422, code: 'document.too_many_pages' });
      expect(refusal.message).toContain('3');
    } finally {
      await small.stop();
    }
    const body = new FormData();
    body.set('password', 'x');
    const response = await fetch(`${novels.server.url}/api/v1/novels/upload`, {
      method: 'POST',
      headers: { authorization: 'Bearer ada' },
      body,
    });
    expect(await response.json()).toMatchObject({ status: 400, code: 'novel.no_file' });
  });
});

describe('a job by rules, without a model', () => {
  it('is all that is offered', async () => {
    const offered = await novels.ada.call(routes.novels.models, {});
    expect(offered).toEqual({ models: ['offline'], preset: 'offline' });
  });

  it('shortens every sentence, proves it, and costs nothing', async () => {
    const novel = await novels.upload(pdf);
    const started = await novels.ada.call(routes.novels.processAsync, {
      form: { novel_id: novel.id, sentence_length_limit: 10 },
    });
    expect(await endOf(novels.ada, started.job_id)).toBe('job.completed');
    const result = await novels.ada.call(routes.novels.sentences, {
      params: { id: started.job_id },
      query: { limit: 1000 },
    });
    expect(result).toMatchObject({
      is_offline: true,
      is_partial: false,
      gaps: [],
      audit: {
        expected: novel.sentences,
        present: novel.sentences,
        missing: 0,
        doubled: 0,
        in_order: true,
      },
    });
    expect(result.sentences.map(({ id }) => id)).toEqual(
      Array.from({ length: novel.sentences }, (_, index) => index + 1),
    );
    // Sentences that are said again are said again: nothing is taken for a duplicate.
    const yes = result.sentences.filter(({ source }) => /^—\sOui\.$/u.test(source));
    expect(yes.length).toBeGreaterThan(3);
    const receipt = await novels.ada.call(routes.credits.receipt, {
      params: { id: started.job_id },
    });
    expect(receipt).toMatchObject({ calls: 0, tokens: 0, credits: null });
  });

  it('is confirmed by somebody without any credits', async () => {
    const novel = await novels.upload(pdf);
    const confirmed = await novels.ada.call(routes.novels.confirm, {
      body: { novel_id: novel.id, sentence_length_limit: 11 },
    });
    expect(confirmed).toMatchObject({ credits_held: 0, estimate: { gemini_model: 'offline' } });
    const started = await novels.ada.call(routes.novels.processAsync, {
      form: { novel_id: novel.id, sentence_length_limit: 11, job_id: confirmed.job_id },
    });
    expect(started.job_id).toBe(confirmed.job_id);
    expect(await endOf(novels.ada, started.job_id)).toBe('job.completed');
  });

  it('answers the same document with the same options from what is stored, at once', async () => {
    const novel = await novels.upload(pdf);
    const result = await novels.ada.call(routes.novels.process, {
      form: { novel_id: novel.id, sentence_length_limit: 10 },
    });
    expect(result).toMatchObject({ is_partial: false });
    const job = await novels.ada.call(routes.jobs.get, { params: { id: result.job_id } });
    expect(job.chunk_results.every(({ reused }) => reused === true)).toBe(true);
    const estimate = await novels.ada.call(routes.novels.estimate, {
      params: { id: novel.id },
      query: { sentence_length_limit: 10 },
    });
    expect(estimate.stored_chunks).toBe(estimate.chunks);
  });

  it('keeps what a person writes over a sentence, for this and every later job, and takes it back', async () => {
    const novel = await novels.upload(pdf);
    const run = async () => {
      const form = { novel_id: novel.id, sentence_length_limit: 9 };
      const result = await novels.ada.call(routes.novels.process, { form });
      return result.job_id;
    };
    const first = await run();
    const edit = (jobId: number, sentences: string[]) =>
      novels.ada.call(routes.novels.edit, {
        params: { id: jobId, sentenceId: 3 },
        body: { sentences },
      });
    expect(await edit(first, ['Une phrase.', 'À moi.'])).toMatchObject({
      label: 'edited',
      sentences: ['Une phrase.', 'À moi.'],
    });
    const second = await run();
    const read = await novels.ada.call(routes.novels.sentences, {
      params: { id: second },
      query: { label: 'edited' },
    });
    expect(read).toMatchObject({ total: 1, sentences: [{ id: 3 }] });
    expect((await edit(second, [])).label).not.toBe('edited');
    expect(
      await refusalOf(
        novels.ada.call(routes.novels.edit, {
          params: { id: first, sentenceId: novel.sentences + 1 },
          body: { sentences: ['Non.'] },
        }),
      ),
    ).toMatchObject({ code: 'novel.sentence_not_found' });
    expect(
      await refusalOf(
        novels.bob.call(routes.novels.edit, {
          params: { id: first, sentenceId: 3 },
          body: { sentences: ['Non.'] },
        }),
      ),
    ).toMatchObject({ status: 404 });
  });

  it('says that a model cannot be had where none is configured, instead of taking rules', async () => {
    const novel = await novels.upload(pdf);
    const refusal = await refusalOf(
      novels.ada.call(routes.novels.processAsync, {
        form: { novel_id: novel.id, gemini_model: 'quality' },
      }),
    );
    expect(refusal).toMatchObject({ status: 409, code: 'novel.no_model' });
  });
});

it('finds sentences by label and by words, a page at a time', async () => {
  const novel = await novels.upload(pdf);
  const { job_id: jobId } = await novels.ada.call(routes.novels.process, {
    form: { novel_id: novel.id, sentence_length_limit: 12 },
  });
  const read = (query: object) =>
    novels.ada.call(routes.novels.sentences, { params: { id: jobId }, query });
  const all = await read({ limit: 1000 });
  const long = await read({ label: 'over_limit', limit: 2 });
  expect(long.total).toBe(all.audit.labels.over_limit);
  expect(long.sentences).toHaveLength(2);
  const next = await read({ label: 'over_limit', limit: 2, offset: 1 });
  expect(next.sentences[0]).toEqual(long.sentences[1]);
  const found = await read({ search: 'OUI', limit: 1000 });
  expect(found.total).toBeGreaterThan(0);
  expect(found.sentences.every(({ source }) => /oui/iu.test(source))).toBe(true);
});

it('deletes a novel with its jobs, pages, edits and file', async () => {
  const bobs = await novels.bob.call(routes.novels.upload, { form: form(pdf) });
  const { job_id: jobId } = await novels.bob.call(routes.novels.process, {
    form: { novel_id: bobs.novel.id },
  });
  await novels.bob.call(routes.novels.remove, { params: { id: bobs.novel.id } });
  await novels.kernel.sweep();
  const gone = [
    () => novels.bob.call(routes.novels.get, { params: { id: bobs.novel.id } }),
    () => novels.bob.call(routes.jobs.get, { params: { id: jobId } }),
    () => novels.bob.call(routes.novels.sentences, { params: { id: jobId }, query: {} }),
  ];
  for (const call of gone) expect(await refusalOf(call())).toMatchObject({ status: 404 });
  const { rows } = await novels.pool.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM novel_pages WHERE novel_id = $1)
          + (SELECT count(*) FROM kernel.artifacts WHERE subject = 'novel:' || $1) AS n`,
    [bobs.novel.id],
  );
  expect(rows[0]?.n).toBe(0);
});
