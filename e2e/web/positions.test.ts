/** Where somebody is in a book, on two devices of theirs: kept, asked about, never jumped to, and not lost by a connection that is away. */
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { routes, type Book, type ReadingPosition } from '@scriptorium/contract';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sampleBook, startApp, type TestApp } from './app.ts';
import { axeFindings, openBrowser, openWindow, signIn, takeScreenshot } from './browser.ts';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let file: File;
let book: Book;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  file = new File([await openAsBlob(sampleBook('the-fire-copy.en.epub'))], 'fire.epub');
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});
// A book that nobody has been in.
beforeEach(async () => {
  const { books } = await app.client.call(routes.books.list, { query: {} });
  for (const { id } of books) await app.client.call(routes.books.remove, { params: { id } });
  ({ book } = await app.client.call(routes.books.upload, { form: { file } }));
});

const numberOf = (title: string) =>
  book.chapters.find((each) => each.title.includes(title))!.number;
const address = (number: number) => `/books/${book.id}/chapters/${number}`;
const article = (page: Page, name: RegExp) => page.getByRole('article', { name });
const question = (page: Page) =>
  page.getByRole('complementary').filter({ hasText: ' you were in ' });

async function positions(): Promise<ReadingPosition[]> {
  const params = { id: book.id };
  return (await app.client.call(routes.books.positions, { params })).positions;
}

/** Another device of the same person: a browser that shares nothing with the first one. */
async function openDevice(screen = '/') {
  const device = await openWindow(browser, app);
  await signIn(device.page, screen);
  return device;
}

/** Another device, of which no browser is needed. */
async function readElsewhere(
  number: number,
  offset: number,
  minutesAgo: number,
  id = randomUUID(),
) {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  await app.client.call(routes.books.recordPositions, {
    params: { id: book.id },
    body: {
      device: { id, label: 'Firefox · Android' },
      positions: [{ chapter: number, offset, at }],
    },
  });
  return id;
}

/** Reads on for so many pixels; resolves when the browser has written down where that is. */
async function readOn(page: Page, pixels: number): Promise<void> {
  const log = () =>
    page.evaluate(
      () => Object.entries(localStorage).find(([name]) => name.includes('.places.'))?.[1],
    );
  await page.locator('[data-gloss]').first().waitFor();
  const before = await log();
  await page.mouse.wheel(0, pixels);
  await expect.poll(log).not.toBe(before);
}

/** As when the window is covered or closed: the event is the browser's, the state cannot be forced from here. */
const hide = (page: Page) => page.evaluate(() => void dispatchEvent(new Event('pagehide')));

const isRecording = (request: Request) =>
  request.method() === 'POST' && request.url().endsWith('/positions');

test('a second device asks before it goes where the first one was, and remembers the answer', async () => {
  const [light, salt, room] = [
    numberOf('North Light'),
    numberOf('Salt Scale'),
    numberOf('East Room'),
  ];
  const phone = await openDevice(address(salt));
  await readOn(phone.page, 900);
  await hide(phone.page);
  await expect.poll(positions).toHaveLength(1);
  await expect.poll(async () => (await positions())[0]?.offset).toBeGreaterThan(200);

  const desk = await openDevice(address(light));
  await question(desk.page)
    .getByText(/Chrome · Linux.*Salt Scale.*\d+%.*Go there\?/u)
    .waitFor();
  expect(desk.page.url()).toContain(address(light));
  expect(await axeFindings(desk.page)).toEqual([]);
  await takeScreenshot(desk.page, 'reader-asks', { fullPage: false });
  await question(desk.page).getByRole('button', { name: 'Stay here' }).click();
  await question(desk.page).waitFor({ state: 'detached' });
  await Promise.all([
    desk.page.waitForResponse((answer) => answer.url().endsWith('/positions')),
    desk.page.reload(),
  ]);
  await article(desk.page, /North Light/u)
    .locator('p')
    .first()
    .waitFor();
  expect(await question(desk.page).count()).toBe(0);
  expect(desk.page.url()).toContain(address(light));

  // The phone reads on: that is another position, and another question.
  await phone.page.goto(address(room));
  await readOn(phone.page, 900);
  await hide(phone.page);
  const there = () => positions().then((all) => all.find(({ chapter }) => chapter === room));
  await expect.poll(async () => (await there())?.offset).toBeGreaterThan(200);
  await desk.page.reload();
  await question(desk.page).getByRole('button', { name: 'Go there' }).click();
  await article(desk.page, /East Room/u).waitFor();
  await question(desk.page).waitFor({ state: 'detached' });
  await expect.poll(() => desk.page.evaluate('scrollY')).toBeGreaterThan(300);
  expect([...phone.complaints, ...desk.complaints]).toEqual([]);
  await Promise.all([phone.context.close(), desk.context.close()]);
});

test('each device opens where it was itself; one that is new is taken where the person asks to go on', async () => {
  const [light, salt] = [numberOf('North Light'), numberOf('Salt Scale')];
  const { page, context } = await openDevice(`/books/${book.id}`);
  await page.getByRole('link', { name: 'Read', exact: true }).waitFor();
  await readElsewhere(salt, 2000, 60);
  await page.reload();
  await page.getByRole('link', { name: 'Continue reading' }).click();
  await article(page, /Salt Scale/u).waitFor();
  await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(300);
  expect(await question(page).count()).toBe(0);

  await page.goto(address(light));
  await readOn(page, 900);
  await readElsewhere(salt, 4000, 0);
  await page.goto(`/books/${book.id}`);
  await page.getByRole('link', { name: 'Continue reading' }).click();
  await article(page, /North Light/u).waitFor();
  await question(page)
    .getByText(/Firefox · Android/u)
    .waitFor();
  expect(page.url()).toContain(address(light));
  await context.close();
});

test('what was read without a connection is sent when there is one, and at the latest when the app is opened again', async () => {
  const { page, context } = await openDevice(address(numberOf('North Light')));
  await readOn(page, 600);
  await context.setOffline(true);
  await readOn(page, 600);
  await hide(page);
  await context.setOffline(false);
  await expect.poll(async () => (await positions())[0]?.offset).toBeGreaterThan(800);

  // Nothing leaves this page any more, also not while it is being closed, where offline is not for every request.
  await page.evaluate(() => {
    globalThis.fetch = () => Promise.reject(new TypeError('The server is away'));
  });
  await readOn(page, 1500);
  await page.close({ runBeforeUnload: true });
  const [before] = await positions();
  const later = await context.newPage();
  await later.goto('/');
  await expect.poll(async () => (await positions())[0]?.offset).toBeGreaterThan(before!.offset);
  await context.close();
});

test('whoever leaves the reader, or closes its page, has sent where they were', async () => {
  const number = numberOf('North Light');
  const { page, context } = await openDevice(address(number));
  await readOn(page, 600);
  const sent = page.waitForRequest(isRecording);
  await page.getByRole('link', { name: 'To the book' }).click();
  await page.getByRole('link', { name: 'Continue reading' }).waitFor();
  await sent;
  await expect.poll(positions).toHaveLength(1);

  const [before] = await positions();
  await page.goto(address(number));
  await readOn(page, 1500);
  await page.close({ runBeforeUnload: true });
  await expect.poll(async () => (await positions())[0]?.offset).toBeGreaterThan(before!.offset);
  await context.close();
});
