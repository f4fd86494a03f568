import { routes } from '@scriptorium/contract';
import { reply } from '@scriptorium/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from './app.ts';
import { expectAccessible, openBrowser, openWindow, signIn, takeScreenshots } from './browser.ts';
import { addBook, startScriptedModel, type ScriptedModel } from './scripted-model.ts';

let app: TestApp;
let model: ScriptedModel;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [model, browser] = await Promise.all([startScriptedModel(), openBrowser()]);
  app = await startApp({ environment: model.environment });
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

async function openJobs(screen: string) {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page, screen);
  return { page, complaints };
}

async function endOf(jobId: number): Promise<void> {
  for await (const event of app.client.events(jobId)) void event;
}

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true }).waitFor();

test('a shelf without jobs says how one begins', async () => {
  const { page, complaints } = await openJobs('/jobs');
  await heading(page, 'No jobs yet');
  await page.getByRole('link', { name: 'To the library' }).waitFor();
  expect(complaints).toEqual([]);
});

test('the list shows what goes on as it happens, and is filtered and searched by the address', async () => {
  await endOf((await addBook(app, 'Done long ago', 1)).jobId);
  const release = model.holds('Under way, part 2');
  await addBook(app, 'Under way', 2);
  const { page, complaints } = await openJobs('/jobs');
  await row(page, 'Under way').getByText('At work on').waitFor();
  await row(page, 'Under way').getByText('live', { exact: true }).waitFor();
  await page.getByLabel('State').selectOption('open');
  await page.waitForURL(/status=open/u);
  await row(page, 'Done long ago').waitFor({ state: 'detached' });
  await page.reload();
  await row(page, 'Under way').getByText('At work on').waitFor();
  release();
  await row(page, 'Under way').getByText('Everything is there').waitFor();
  await page.goto('/jobs?q=long');
  await row(page, 'Done long ago').waitFor();
  expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
  await page.getByRole('searchbox').fill('nowhere');
  await page.getByRole('button', { name: 'Show all jobs' }).click();
  await row(page, 'Under way').waitFor();
  expect(complaints).toEqual([]);
});

test('jobs are selected by keyboard, stopped together, and taken up again', async () => {
  const release = model.holds('Stopped');
  const first = await addBook(app, 'Stopped first', 1);
  const second = await addBook(app, 'Stopped second', 1);
  const { page } = await openJobs('/jobs?status=open');
  await row(page, 'Stopped first').getByText('At work on').waitFor();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByText('2 jobs selected').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('2 jobs stopped. No part was finished').waitFor();
  const stateOf = async (id: number) =>
    (await app.client.call(routes.jobs.get, { params: { id } })).status;
  expect([await stateOf(first.jobId), await stateOf(second.jobId)]).toEqual([
    'cancelled',
    'cancelled',
  ]);
  release();
  await page.getByRole('button', { name: 'Go on after all' }).click();
  await page.getByText('2 new jobs started.').waitFor();
});

test('a job says what is missing and why, what it used, and who takes it up', async () => {
  model.says('With gaps, part 3', () => reply.status(401, {}));
  const { jobId } = await addBook(app, 'With gaps');
  await endOf(jobId);
  const { page, complaints } = await openJobs(`/jobs/${jobId}`);
  await heading(page, 'With gaps');
  await page.getByText('1 of 5 parts is missing; the others are ready.').waitFor();
  await heading(page, '1 gap');
  await page.getByText('llm.bad_key', { exact: true }).waitFor();
  const fact = (term: string) =>
    page.locator('dl > div').filter({ has: page.getByText(term, { exact: true }) });
  await fact('Tokens').getByText('480').waitFor();
  await fact('Cost of the models').getByText('unknown').waitFor();
  await page.getByText('It needed no credits.').waitFor();

  await page.keyboard.press('t');
  await page.waitForURL(/view=table/u);
  const failed = page.getByRole('row').filter({ hasText: 'failed (llm.bad_key)' });
  await failed.getByRole('rowheader', { name: /part 3/u }).waitFor();
  expect(await page.getByRole('row').count()).toBe(6);

  model.says('With gaps, part 3', () => reply.answer({ items: [] }));
  const again = page.getByRole('button', { name: 'Do again what is missing' });
  await again.click();
  await page.getByText(`Does again what was missing in Job ${jobId}`).waitFor();
  await page.getByText('Everything is there: all 5 parts.').waitFor();
  await again.waitFor({ state: 'detached' });
  const retry = new URL(page.url()).pathname.split('/').at(-1);
  await page.getByRole('link', { name: `Job ${jobId}`, exact: true }).click();
  await page.getByText(`Taken up by Job ${retry}`).waitFor();
  expect(complaints).toEqual([]);
});

test('stopping a job says what was stopped and what is kept, and is undone by going on', async () => {
  const release = model.holds('Half, part 2');
  const { jobId } = await addBook(app, 'Half', 2);
  const { page, complaints } = await openJobs(`/jobs/${jobId}`);
  await page.getByText('At work on Chapter 2').waitFor();
  await page.keyboard.press('s');
  await page
    .getByText('1 part was stopped. 1 finished part is kept. It needed no credits.')
    .waitFor();
  release();
  await page.getByRole('button', { name: 'Go on after all' }).click();
  await page.getByText(`Does again what was missing in Job ${jobId}`).waitFor();
  await page.getByText('Everything is there: all 2 parts.').waitFor();
  await page.getByRole('link', { name: 'Open the book' }).click();
  await heading(page, 'Half');
  expect(complaints).toEqual([]);
});

test('a job that waits for the limit of a model says so, and until when', async () => {
  await using own = await startApp({ environment: model.environment });
  model.says('Limited', () => reply.status(429, { headers: { 'retry-after': '600' } }));
  const { jobId } = await addBook(own, 'Limited', 1);
  const { page, complaints } = await openWindow(browser, own);
  await signIn(page, `/jobs/${jobId}`);
  await page
    .getByText(/Waiting until \d+:\d\d/u)
    .first()
    .waitFor();
  await page.goto(`/jobs/${jobId}?view=table`);
  await page.getByRole('cell', { name: /put off for another try.*waits until/u }).waitFor();
  expect(complaints).toEqual([]);
});

test('a job of somebody else does not exist', async () => {
  const { page } = await openJobs('/jobs/999999');
  await page.getByText('There is no such job').waitFor();
  expect(await page.getByRole('progressbar').count()).toBe(0);
});

test('the list and the page of a job are for everybody', async () => {
  model.says('Picture, part 4', () => reply.status(401, {}));
  model.holds('Picture, part 2');
  const { jobId } = await addBook(app, 'Picture');
  const { page, complaints } = await openJobs('/jobs');
  const list = () => row(page, 'Picture').getByText('At work on').waitFor();
  const part = () => page.getByText('At work on Chapter 2').waitFor();
  await expectAccessible(page, list);
  await takeScreenshots(page, 'jobs', list);
  await page.goto(`/jobs/${jobId}`);
  await expectAccessible(page, part);
  await takeScreenshots(page, 'job', part);
  expect(complaints).toEqual([]);
});

test('the timeline as a table is for everybody, too', async () => {
  model.holds('Words, part 2');
  const { jobId } = await addBook(app, 'Words', 2);
  const { page, complaints } = await openJobs(`/jobs/${jobId}?view=table`);
  const part = () => page.getByText('At work on Chapter 2').waitFor();
  await expectAccessible(page, part);
  await takeScreenshots(page, 'job-table', part);
  expect(complaints).toEqual([]);
});

test.each([
  ['fr', '1 partie sur 2 manque ; les autres sont prêtes.'],
  ['ru', 'Не хватает 1 части из 2; остальные готовы.'],
  ['uk', 'Бракує 1 частини з 2; решта готова.'],
] as const)('a job is told in %s', async (language, words) => {
  model.says(`In ${language}, part 2`, () => reply.status(401, {}));
  const { jobId } = await addBook(app, `In ${language}`, 2);
  const { page, complaints } = await openWindow(browser, app, { language });
  await signIn(page, `/jobs/${jobId}`);
  await page.getByText(words).waitFor();
  expect(complaints).toEqual([]);
});
