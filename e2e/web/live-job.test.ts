import { readFile } from 'node:fs/promises';
import { routes } from '@scriptorium/contract';
import type { Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleBook, startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A book that waits for a worker; its id. */
async function waitingBook(app: TestApp): Promise<number> {
  const file = new File([await readFile(sampleBook('the-fire-copy.en.epub'))], 'book.epub');
  const { book } = await app.client.call(routes.books.upload, { form: { file } });
  return book.id;
}

function socketsOf(page: Page): WebSocket[] {
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  return sockets;
}

const prepared = (page: Page) =>
  page
    .getByText(/\d+ descriptions/u)
    .first()
    .waitFor();
const badge = (page: Page, words: string) => page.getByText(words, { exact: true }).waitFor();

test('where no socket gets through, the screen says that it asks, and shows the same', async () => {
  await using app = await startApp({ hasWorker: false });
  const id = await waitingBook(app);
  const { page, complaints } = await openWindow(browser, app);
  await page.routeWebSocket(/\/ws\/jobs\//u, (socket) => socket.close({ code: 1011 }));
  await signIn(page, `/books/${id}`);
  await badge(page, 'polling');
  await app.startWorker();
  await prepared(page);
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('a server that starts again in the middle is found again, and no socket stays behind', async () => {
  await using app = await startApp({ hasWorker: false });
  const id = await waitingBook(app);
  const { page } = await openWindow(browser, app);
  const sockets = socketsOf(page);
  await signIn(page, `/books/${id}`);
  await badge(page, 'live');
  await app.restartServer();
  await badge(page, 'live');
  await app.startWorker();
  await prepared(page);
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  expect(sockets.length).toBeGreaterThan(1);
  await expect.poll(() => sockets.filter((socket) => !socket.isClosed())).toEqual([]);
});

test('leaving the screen closes its socket, and coming back takes the job up again', async () => {
  await using app = await startApp({ hasWorker: false });
  const id = await waitingBook(app);
  const { page } = await openWindow(browser, app);
  const sockets = socketsOf(page);
  await signIn(page, `/books/${id}`);
  await badge(page, 'live');
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.waitForURL(/\/jobs/u);
  const ofBook = () => sockets.filter((socket) => !socket.isClosed());
  await page.goBack();
  await badge(page, 'live');
  await expect.poll(() => ofBook().length).toBe(1);
});
