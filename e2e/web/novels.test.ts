import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isTerminalStatus, routes, type Novel } from '@scriptorium/contract';
import { reply, shortenedBy, startModelServer, type ModelServer } from '@scriptorium/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startApp, type TestApp } from './app.ts';
import {
  axeFindings,
  expectAccessible,
  openBrowser,
  openWindow,
  PHONE,
  signIn,
  takeScreenshots,
} from './browser.ts';
import { novelPdf } from './novel-pdf.ts';

const SAMPLE = path.join(import.meta.dirname, '../../samples/out/l-horloge-de-brumeville.fr.pdf');

let model: ModelServer;
let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  model = await startModelServer((request) => shortenedBy(request, 10));
  const environment = { MODEL: 'openai-compatible/tiny', OPENAI_COMPATIBLE_BASE_URL: model.url };
  [app, browser] = await Promise.all([startApp({ environment }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
  await model.close();
});

async function openAt(screen: string, options: Parameters<typeof openWindow>[2] = {}) {
  const window = await openWindow(browser, app, options);
  await signIn(window.page, screen);
  return window;
}

async function upload(file: File): Promise<Novel> {
  const { novel } = await app.client.call(routes.novels.upload, { form: { file } });
  return novel;
}

async function uploadSample(): Promise<Novel> {
  return upload(new File([await readFile(SAMPLE)], 'horloge.pdf'));
}

/** A result by rules, made without the screen. */
async function offlineResult(
  words: number,
): Promise<{ novel: Novel; address: string; jobId: number }> {
  const novel = await uploadSample();
  const { job_id: jobId } = await app.client.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: words, gemini_model: 'offline' },
  });
  for await (const event of app.client.events(jobId)) void event;
  return { novel, jobId, address: `/novels/${novel.id}/jobs/${jobId}` };
}

async function grant(credits: number): Promise<void> {
  const { user } = await app.client.call(routes.auth.me, {});
  await app.client.call(routes.people.grant, { params: { id: user.id }, body: { credits } });
}

const newGate = () => Promise.withResolvers<void>();
const rowsOf = (page: Page) => page.getByRole('table').locator('[data-index]');

test('somebody without novels takes the sample from its first page to an EPUB', async () => {
  const { page, complaints } = await openAt('/novels');
  await page.getByRole('heading', { name: 'No novels yet' }).waitFor();
  await takeScreenshots(page, 'novels-empty', () =>
    page.getByRole('heading', { name: 'No novels yet' }).waitFor(),
  );
  await page.getByRole('button', { name: 'Add the sample novel' }).click();
  await page.getByText('Added', { exact: true }).waitFor();
  await page.getByRole('heading', { level: 2 }).getByRole('link').click();
  await page.getByText('French', { exact: true }).waitFor();
  await page.getByRole('radio', { name: 'Offline rules, no model' }).check();
  await page.getByRole('button', { name: '6 first steps' }).click();
  await page.getByText('Nothing is held and nothing is charged.').waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/novels\/\d+\/jobs\/\d+/u);
  const audit = page.getByText(/^All \d+ sentences present, \d+ over the limit\.$/u);
  await audit.waitFor();
  await page.getByText('Made by offline rules, no model', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Download' }).click();
  const arrives = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'EPUB, for an e-reader' }).click();
  expect((await arrives).suggestedFilename()).toMatch(/ - 6 words - offline rules\.epub$/u);
  expect(complaints).toEqual([]);
});

test('a PDF with a password asks for it, says when it is wrong, and opens with the right one', async () => {
  const { page } = await openAt('/novels');
  await page.getByRole('heading', { name: 'Novels', exact: true }).waitFor();
  const file = novelPdf(2, { user: 'sesame', owner: 'other' });
  const chosen = {
    name: 'locked.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(await file.arrayBuffer()),
  };
  await page.locator('input[type="file"]').first().setInputFiles(chosen);
  const field = page.getByLabel('Password of locked.pdf');
  await field.fill('open');
  await page.getByRole('button', { name: 'Open the file' }).click();
  await page.getByText('This password does not open the file.').waitFor();
  await field.fill('sesame');
  await page.getByRole('button', { name: 'Open the file' }).click();
  await page.getByText('Added', { exact: true }).waitFor();
  const { novels } = await app.client.call(routes.novels.list, { query: {} });
  expect(novels.map((novel) => novel.file_name)).toContain('locked.pdf');
});

test('a file that is no PDF is refused in words', async () => {
  const { page } = await openAt('/novels');
  await page.getByRole('heading', { name: 'Novels', exact: true }).waitFor();
  const chosen = {
    name: 'notes.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('Dear diary'),
  };
  await page.locator('input[type="file"]').first().setInputFiles(chosen);
  await page.getByText('Not added', { exact: true }).waitFor();
  const refusal = await page.getByRole('alert').textContent();
  expect(refusal).toContain('document.not_a_pdf');
});

test('without credits the start says what is missing and whom to ask, and offers the rules', async () => {
  const novel = await upload(novelPdf(3));
  const { page } = await openAt(`/novels/${novel.id}`);
  await page.getByText(/credits are missing$/u).waitFor();
  await page
    .getByText('You may grant them to yourself under Operations', { exact: false })
    .waitFor();
  expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
  await page.getByText('unknown', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Take the offline rules' }).click();
  await page.getByText('Nothing is held and nothing is charged.').waitFor();
  expect(page.url()).toContain('model=offline');
  await takeScreenshots(page, 'novel', () =>
    page.getByText('Nothing is held and nothing is charged.').waitFor(),
  );
  await expectAccessible(page, () =>
    page.getByText('Nothing is held and nothing is charged.').waitFor(),
  );
});

test('rows that were asked for before a part was done, and come after it, do not hide it', async () => {
  await grant(500);
  const [first, second, read, answer] = [newGate(), newGate(), newGate(), newGate()];
  onTestFinished(() => [first, second, answer].forEach((gate) => gate.resolve()));
  model.follow(async (request) => {
    await (request.prompt.includes('On page 25 ') ? second : first).promise;
    return shortenedBy(request, 9);
  });
  const novel = await upload(novelPdf(40));
  const { page, complaints } = await openAt(`/novels/${novel.id}?words=9`);
  await page.route('**/sentences?*limit=200*', async (route) => {
    const response = await route.fetch();
    read.resolve();
    await answer.promise;
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await read.promise;
  first.resolve();
  const goesOn = page.getByText(/^Part 2 of 2, pages 21–40/u).first();
  await goesOn.waitFor();
  answer.resolve();
  await page.getByText('rewritten', { exact: true }).first().waitFor();
  await goesOn.waitFor();
  second.resolve();
  await page.getByText(/^All \d+ sentences present/u).waitFor();
  expect(complaints).toEqual([]);
});

test('a cancelled job says what was kept, charged and returned, and the rest goes on from there', async () => {
  await grant(500);
  // The second part waits until the test lets it go.
  const gate = newGate();
  onTestFinished(() => gate.resolve());
  model.follow(async (request) => {
    if (request.prompt.includes('On page 25 ')) await gate.promise;
    return shortenedBy(request, 10);
  });
  const novel = await upload(novelPdf(40));
  const { page } = await openAt(`/novels/${novel.id}?words=10`);
  await page.getByText(/^Starting holds .+ credits\./u).waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('progressbar').waitFor();
  await page
    .getByText(/^Part 2 of 2, pages 21–40/u)
    .first()
    .waitFor();
  await page.getByText(/credits are held; what is not used comes back/u).waitFor();
  await page.getByText('rewritten', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: /^Not yet \d+/u }).waitFor();
  await takeScreenshots(
    page,
    'novel-running',
    () =>
      page
        .getByText(/^Part 2 of 2, pages 21–40/u)
        .first()
        .waitFor(),
    { fullPage: false },
  );
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('1 of 2 parts were done when it stopped, and are kept.').waitFor();
  const charge = page.getByText(/^[\d.]+ credits were charged, [\d.]+ of [\d.]+ were returned\.$/u);
  const [charged, returned, held] = ((await charge.textContent()) ?? '').match(/[\d.]*\d/gu)!;
  expect(Number(charged)).toBeGreaterThan(0);
  expect(Number(charged) + Number(returned)).toBeCloseTo(Number(held));
  await page.getByRole('button', { name: 'Download what is there' }).waitFor();
  gate.resolve();
  const before = page.url();
  await page.getByRole('button', { name: 'Go on with the rest' }).click();
  const dialog = page.getByRole('dialog', { name: 'Go on with the rest' });
  await dialog.getByText(/\(20 pages\)\.$/u).waitFor();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL((url) => url.href !== before);
  await page.getByText(/^All \d+ sentences present, 0 over the limit\.$/u).waitFor();
});

test('a job that failed says why, and what failed is done again', async () => {
  await grant(500);
  model.follow(() => reply.status(401));
  const novel = await upload(novelPdf(4));
  const { page } = await openAt(`/novels/${novel.id}?words=11`);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText('Nothing of it could be made.', { exact: false }).waitFor();
  await takeScreenshots(page, 'novel-failed', () =>
    page.getByText('Nothing of it could be made.', { exact: false }).waitFor(),
  );
  model.follow((request) => shortenedBy(request, 11));
  await page.getByRole('button', { name: 'Do what failed again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Do what failed again' });
  await dialog.getByText(/^\d+ sentences are done again \(4 pages\)\.$/u).waitFor();
  await dialog.getByText(/^Starting holds [\d.,]+ credits\./u).waitFor();
  const before = await app.client.call(routes.jobs.list, { query: {} });
  expect(before.jobs.filter(({ status }) => !isTerminalStatus(status))).toEqual([]);
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText(/^All \d+ sentences present/u).waitFor();
  const { jobs } = await app.client.call(routes.jobs.list, { query: { limit: 2 } });
  expect(jobs.map(({ status }) => status)).toEqual(['completed', 'failed']);
});

test('several jobs that failed say what they take together before they are done again', async () => {
  await grant(500);
  model.follow(() => reply.status(401));
  const jobIds: number[] = [];
  for (const pages of [5, 6]) {
    const { id: novel_id } = await upload(novelPdf(pages));
    const form = { novel_id, sentence_length_limit: 11 };
    const { job_id: jobId } = await app.client.call(routes.novels.processAsync, { form });
    for await (const event of app.client.events(jobId)) void event;
    jobIds.push(jobId);
  }
  model.follow((request) => shortenedBy(request, 11));
  const open = async () => {
    const { jobs } = await app.client.call(routes.jobs.list, { query: { is_open: true } });
    return jobs.length;
  };
  const { page, complaints } = await openAt('/jobs?status=failed');
  for (const id of jobIds) await page.locator(`[data-job="${id}"]`).getByRole('checkbox').check();
  await page.getByText('2 jobs selected').waitFor();
  const again = page.getByRole('button', { name: 'Do again', exact: true });
  await again.click();
  const dialog = page.getByRole('dialog', { name: 'Do again what is missing' });
  await dialog.getByText(/^\d+ sentences are done again \(11 pages\)\.$/u).waitFor();
  await dialog.getByText(/^Starting holds [\d.,]+ credits\./u).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await open()).toBe(0);
  await again.click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText('2 new jobs started.').waitFor();
  await dialog.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('a redo says what it takes before it starts, and starts nothing when it is left', async () => {
  await grant(500);
  model.follow((request) => shortenedBy(request, 8));
  const { address } = await offlineResult(8);
  const { page } = await openAt(address);
  const jobs = async () => (await app.client.call(routes.jobs.list, { query: {} })).jobs.length;
  const before = await jobs();
  const redo = page.getByRole('button', { name: /^Redo all \d+ over the limit$/u });
  await redo.click();
  await page.getByRole('menuitem', { name: 'With Balanced' }).click();
  const dialog = page.getByRole('dialog', { name: /^Redo all/u });
  await dialog.getByText(/^\d+ sentences are done again \(\d+ pages\)\.$/u).waitFor();
  await dialog.getByText(/^Starting holds [\d.,]+ credits\./u).waitFor();
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await jobs()).toBe(before);
  await redo.click();
  await page.getByRole('menuitem', { name: 'With Balanced' }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText(/^All \d+ sentences present, 0 over the limit\.$/u).waitFor();
  expect(await jobs()).toBe(before + 1);
});

test('filter, search and place of a result live in its address', async () => {
  const { address } = await offlineResult(7);
  const { page } = await openAt(address);
  await page.getByRole('button', { name: /^Over the limit \d+/u }).click();
  await page.waitForURL(/show=over_limit/u);
  await page.getByLabel('Search in source and result').fill('horloge');
  await page.waitForURL(/q=horloge/u);
  await page.locator('mark').first().waitFor();
  const found = await page.getByText(/^\d+ sentences$/u).textContent();
  await page.reload();
  await page.getByText(found!, { exact: true }).waitFor();
  const labels = await rowsOf(page).evaluateAll((rows) => rows.map((row) => row.dataset['label']));
  expect(new Set(labels)).toEqual(new Set(['over_limit']));
  await page.goto(`${address}?at=150`);
  await page.getByText('150', { exact: true }).waitFor();
  expect(await page.evaluate('scrollY')).toBeGreaterThan(3000);
  await takeScreenshots(page, 'novel-result', () => rowsOf(page).first().waitFor(), {
    fullPage: false,
  });
});

test('a sentence is written by hand from the keyboard, and the edit is taken back', async () => {
  const { address } = await offlineResult(8);
  const { page } = await openAt(address);
  await rowsOf(page).first().waitFor();
  await page.keyboard.press('j');
  const row = rowsOf(page).locator(':scope:focus');
  await row.waitFor();
  await page.keyboard.press('e');
  const field = page.getByLabel(/^Short sentences for \d+, one a line$/u);
  await field.fill('La ville dort.\nLa pluie tombe.');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/^Sentence \d+ stands as you wrote it\.$/u).waitFor();
  await page.getByText('La pluie tombe.', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^By hand 1/u }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: /^By hand 0/u }).waitFor();
  expect(await page.getByText('La pluie tombe.', { exact: true }).count()).toBe(0);
});

test('selected sentences are done again by a model, with a whole result', async () => {
  await grant(500);
  model.follow((request) => shortenedBy(request, 9));
  const { address, novel } = await offlineResult(9);
  const { page } = await openAt(address);
  await page.getByRole('button', { name: /^Over the limit \d+/u }).click();
  await page.waitForURL(/show=over_limit/u);
  const boxes = page.getByRole('checkbox', { name: /^Select sentence \d+$/u });
  await boxes.nth(2).click();
  await boxes.nth(6).click({ modifiers: ['Shift'] });
  await page.getByText('5 sentences selected').waitFor();
  const calls = model.requests.length;
  await page.getByRole('button', { name: 'Do these again' }).click();
  await page.getByRole('menuitem', { name: 'With Balanced' }).click();
  const dialog = page.getByRole('dialog', { name: 'Do these again' });
  await dialog.getByText(/^5 sentences are done again/u).waitFor();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL((url) => url.pathname !== address);
  await page.getByText(new RegExp(`^All ${novel.sentences} sentences present`, 'u')).waitFor();
  const asked = model.requests.slice(calls).flatMap(({ prompt }) => prompt.match(/^\[s\d+\]/gmu));
  expect(asked).toHaveLength(5);
});

test('a deleted novel can be had back until the offer has gone', async () => {
  const novel = await upload(novelPdf(5));
  const { page } = await openAt('/novels');
  const line = page.getByRole('listitem').filter({ hasText: 'river-5' });
  await line.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await line.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await line.waitFor();
  expect((await app.client.call(routes.novels.get, { params: { id: novel.id } })).id).toBe(
    novel.id,
  );
});

test('everything is there on a phone and in every language, and axe finds nothing', async () => {
  const { address } = await offlineResult(12);
  const { page, complaints } = await openAt(address, {
    viewport: PHONE,
    language: 'uk',
    touch: true,
  });
  await page.getByText(/^На місці всі/u).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  await expectAccessible(page, () => rowsOf(page).first().waitFor());
  for (const [language, sentence] of [
    ['fr', /phrases sont présentes/u],
    ['ru', /^На месте все/u],
  ] as const) {
    const other = await openAt(address, { language });
    await other.page.getByText(sentence).waitFor();
    await other.context.close();
  }
  await page.goto('/novels');
  await takeScreenshots(page, 'novels', () => page.getByRole('listitem').first().waitFor());
  await expectAccessible(page, () => page.getByRole('listitem').first().waitFor());
  expect(complaints).toEqual([]);
});
