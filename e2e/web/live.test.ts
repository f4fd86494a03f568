/**
 * The truth of live jobs on the screen: whatever happens to sockets, servers, workers and pages, nothing is lost, progress never falls,
 * and 100 % is never shown before the end.
 */
import path from 'node:path';
import { routes } from '@scriptorium/contract';
import type { Page, Request, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../apps/server/src/testing-installation.ts';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { addBook, startScriptedModel, type ScriptedModel } from './scripted-model.ts';

const MAIN = path.join(import.meta.dirname, '../../apps/server/src/main.ts');

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
let number = 0;
let title: string;
beforeEach(() => {
  title = `Truth ${(number += 1)}`;
});

/** What the screen has shown: a percentage, and whether the log beside it had the end of the job by then. */
interface Shown {
  readonly percent: number;
  readonly isCompleted: boolean;
}

interface Watch {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly shown: readonly Shown[];
  readonly sockets: readonly WebSocket[];
}

/** A window in which every change of the progress bar is written down, also when the page is loaded anew. */
async function openWatch(): Promise<Watch> {
  const { page, complaints } = await openWindow(browser, app);
  const shown: Shown[] = [];
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.exposeFunction('noteProgress', (each: Shown) => void shown.push(each));
  await page.addInitScript(`
    let last;
    new MutationObserver(() => {
      const bar = document.querySelector('main [role=progressbar]');
      if (bar === null) return;
      const percent = Number(bar.getAttribute('aria-valuenow'));
      if (percent === last) return;
      last = percent;
      const isCompleted = document.querySelector('[data-event="job.completed"]') !== null;
      void noteProgress({ percent, isCompleted });
    }).observe(document, { subtree: true, childList: true, attributes: true });
  `);
  return { page, complaints, shown, sockets };
}

/** A job of five parts, of which the third does not end before `release`; opened on the screen. */
async function watchHalfway(watch: Watch) {
  const release = model.holds(`${title}, part 3`);
  const { jobId } = await addBook(app, title);
  await signIn(watch.page, `/jobs/${jobId}`);
  return { jobId, release };
}

const words = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();
const halfway = (page: Page) => page.getByText('4 of 5 parts', { exact: true }).waitFor();
const whole = (page: Page) =>
  page.getByText('Everything is there: all 5 parts.').waitFor({ timeout: 60_000 });

/** Progress never fell, and 100 came with the end and not before. */
function expectTruth(shown: readonly Shown[]): void {
  const percents = shown.map(({ percent }) => percent);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(percents.at(-1)).toBe(100);
  expect(shown.filter(({ percent, isCompleted }) => percent === 100 && !isCompleted)).toEqual([]);
  expect(percents.some((percent) => percent > 0 && percent < 100)).toBe(true);
}

/** The log on the screen has every event of the server's, once and in order. */
async function expectWholeLog(page: Page, jobId: number): Promise<void> {
  const { events } = await app.client.call(routes.jobs.events, {
    params: { id: jobId },
    query: {},
  });
  const more = page.getByRole('button', { name: /earlier event/u });
  if (await more.isVisible()) await more.click();
  const types = await page
    .locator('[data-event]')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-event')));
  expect(types.toReversed()).toEqual(events.map(({ type }) => type));
}

const openConnections = (page: Page) =>
  page.evaluate<number>('globalThis.scriptorium.openConnections');

test('where no socket gets through it asks silently, and ends right', async () => {
  const watch = await openWatch();
  const { page, shown, complaints } = watch;
  await page.routeWebSocket(/\/ws\/jobs\//u, (socket) => socket.close({ code: 1011 }));
  const { jobId, release } = await watchHalfway(watch);
  await words(page, 'polling');
  await halfway(page);
  release();
  await whole(page);
  await page.getByText('polling', { exact: true }).waitFor({ state: 'detached' });
  expectTruth(shown);
  await expectWholeLog(page, jobId);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a server that starts anew in the middle: reconnecting, then live again, nothing lost', async () => {
  const watch = await openWatch();
  const { page, shown } = watch;
  const { jobId, release } = await watchHalfway(watch);
  await words(page, 'live');
  await halfway(page);
  const restarted = app.restartServer();
  await words(page, 'reconnecting');
  await restarted;
  await words(page, 'live');
  release();
  await whole(page);
  expectTruth(shown);
  await expectWholeLog(page, jobId);
});

test('loaded anew in the middle, the page goes on after the last number that it knew', async () => {
  const watch = await openWatch();
  const { page, shown, sockets } = watch;
  const { jobId, release } = await watchHalfway(watch);
  await words(page, 'live');
  await halfway(page);
  const known = await page.locator('[data-event]').count();
  const before = sockets.length;
  const asked: string[] = [];
  page.on('request', (request: Request) => asked.push(request.url()));
  await page.reload();
  await words(page, 'live');
  const cursors = [
    ...sockets.slice(before).map((socket) => socket.url()),
    ...asked.filter((url) => url.includes(`/jobs/${jobId}/events`)),
  ].map((url) => Number(new URL(url).searchParams.get('after')));
  expect(cursors.length).toBeGreaterThan(1);
  expect(Math.min(...cursors)).toBeGreaterThanOrEqual(known);
  release();
  await whole(page);
  expectTruth(shown);
  await expectWholeLog(page, jobId);
});

test('leaving the page leaves neither socket nor timer behind', async () => {
  const watch = await openWatch();
  const { page, sockets } = watch;
  const { release } = await watchHalfway(watch);
  await words(page, 'live');
  expect(await openConnections(page)).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Library', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Library', exact: true }).waitFor();
  release();
  // The book on the shelf follows the same job; to its end.
  await expect.poll(() => openConnections(page)).toBe(0);
  await expect.poll(() => sockets.filter((socket) => !socket.isClosed())).toEqual([]);
  await page.getByRole('link', { name: 'Novels', exact: true }).first().click();
  await page.waitForURL(/\/novels/u);
  expect(await openConnections(page)).toBe(0);
});

/** A worker in a process of its own, for as long as the test runs. */
function startWorkerProcess() {
  const worker = runProgram([process.execPath, MAIN, 'worker'], {
    cwd: app.environment['DATA_DIR'] ?? '',
    environment: { ...app.environment, DRAIN_SECONDS: '1' },
  });
  onTestFinished(async () => void (await worker.end()));
  return worker;
}

test('a worker that is killed in the middle: the job completes, and progress never falls', async () => {
  const watch = await openWatch();
  const { page, shown } = watch;
  await app.stopWorker();
  const victim = startWorkerProcess();
  const { jobId, release } = await watchHalfway(watch);
  await halfway(page);
  await words(page, `At work on Chapter 3: ${title}, part 3.`);
  // It starts while the lease of the dead runs out.
  startWorkerProcess();
  await victim.end('SIGKILL');
  release();
  await whole(page);
  expectTruth(shown);
  await expectWholeLog(page, jobId);
  await page.goto(`/jobs/${jobId}?view=table`);
  await page.getByRole('cell', { name: 'its process died; begun again' }).waitFor();
  // Two processes start, and a lease of ten seconds runs out.
}, 120_000);
