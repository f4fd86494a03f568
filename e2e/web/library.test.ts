import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleBook, startApp, type TestApp } from './app.ts';
import {
  axeFindings,
  expectAccessible,
  openBrowser,
  openWindow,
  PHONE,
  signIn,
  takeScreenshots,
} from './browser.ts';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ hasWorker: false }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

test('a reader adds books, sees them prepared live, corrects a verdict and undoes it', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page);
  await page.getByRole('heading', { name: 'No books yet' }).waitFor();
  await takeScreenshots(page, 'library-empty', () =>
    page.getByRole('heading', { name: 'No books yet' }).waitFor(),
  );
  await expectAccessible(page, () => page.getByRole('heading', { name: 'No books yet' }).waitFor());

  await page.getByRole('button', { name: 'Add the sample book' }).click();
  await page.getByText('Added', { exact: true }).waitFor();
  await page.locator('article').getByRole('link', { name: 'The Fire Copy' }).click();
  await page.getByRole('heading', { name: 'The Fire Copy', level: 1 }).waitFor();
  // Nobody works yet, and the screen says so.
  await page.getByText('live', { exact: true }).waitFor();
  await app.startWorker();
  await page
    .getByText(/\d+ descriptions/u)
    .first()
    .waitFor();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });

  const copyright = page.getByRole('listitem').filter({ hasText: 'Copyright' });
  await copyright.getByRole('button', { name: 'It is a chapter' }).click();
  await page.getByText('“Copyright” is a chapter now').waitFor();
  await copyright.getByText('corrected by you').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('Undone: “Copyright” is as it was.').waitFor();
  await copyright.getByRole('button', { name: 'It is a chapter' }).waitFor();

  await page.getByRole('button', { name: /Prepare the other \d+ chapters/u }).click();
  await page.getByText(/as measured on the \d+ chapters? prepared last/u).waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText('When opened').first().waitFor({ state: 'detached' });

  const ready = () => page.getByRole('heading', { name: 'Chapters' }).waitFor();
  await takeScreenshots(page, 'book', ready);
  await expectAccessible(page, ready);
  expect(complaints).toEqual([]);
});

test('the same file is recognised before it is sent', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
  });
  const files = [sampleBook('the-fire-copy.en.epub'), sampleBook('the-fire-copy.fr.epub')];
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add books' }).click(),
  ]);
  await chooser.setFiles(files);
  await page.getByText('Was here already', { exact: true }).waitFor();
  await page.getByText('Added', { exact: true }).waitFor();
  expect(sent.filter((path) => path.endsWith('/upload'))).toHaveLength(1);

  const ready = () => page.locator('article').nth(1).waitFor();
  await takeScreenshots(page, 'library', ready);
  await expectAccessible(page, ready);
  expect(complaints).toEqual([]);
});

test('search and order stand in the address, and a book that is deleted comes back by undo', async () => {
  const { page, complaints } = await openWindow(browser, app, { viewport: PHONE });
  await signIn(page, '/?sort=title');
  const books = page.locator('article h2');
  await books.nth(1).waitFor();
  expect(await books.allTextContents()).toEqual(['L’Exemplaire du feu', 'The Fire Copy']);
  await page.getByRole('searchbox').fill('exemplaire');
  await page.waitForURL(/q=exemplaire/u);
  expect(await books.allTextContents()).toEqual(['L’Exemplaire du feu']);
  await page.goBack();
  await page.goto('/');
  await page.getByRole('button', { name: 'More about The Fire Copy' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('is deleted').waitFor();
  expect(await books.allTextContents()).toEqual(['L’Exemplaire du feu']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await books.nth(1).waitFor();
  expect(complaints).toEqual([]);
});

test('files that are dropped on the page are taken, and one that is no book says why', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page);
  await page.locator('article').first().waitFor();
  const files = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['Chapter 1\n\nA grey house stood by the sea.'], 'House.txt'));
    data.items.add(new File([new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3])], 'broken.epub'));
    return data;
  });
  await page.dispatchEvent('main', 'dragover', { dataTransfer: files });
  await page.getByText('Drop the books here').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: files });
  const uploads = page.getByRole('list', { name: 'Files on their way' });
  await uploads.getByRole('link', { name: 'House' }).waitFor();
  const broken = uploads.getByRole('listitem').filter({ hasText: 'broken.epub' });
  await broken.getByRole('alert').waitFor();
  await broken.getByRole('button', { name: 'Send again' }).click();
  await broken.getByRole('alert').waitFor();
  await broken.getByRole('button', { name: 'Take broken.epub off this list' }).click();
  await broken.waitFor({ state: 'detached' });
  // The browser writes every refusal of the server to its console.
  expect(complaints.filter((text) => !text.includes('status of 4'))).toEqual([]);
});

test('an upload that is cancelled stops, and can be sent again', async () => {
  const { page } = await openWindow(browser, app);
  await signIn(page);
  await page.locator('article').first().waitFor();
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/v1/books/upload', async (route) => {
    await held;
    await route.continue();
  });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add books' }).click(),
  ]);
  await chooser.setFiles(sampleBook('the-fire-copy.ru.fb2'));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  expect((await app.client.call(routes.books.list, { query: {} })).books).toHaveLength(3);
  release();
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('Added', { exact: true }).waitFor();
  await page.locator('article').getByRole('link', { name: 'Пожарный список' }).waitFor();
});

test('the keyboard reaches the search, the commands and the list of keys', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page);
  await page.locator('article').first().waitFor();
  await page.keyboard.press('/');
  expect(
    await page.getByRole('searchbox').evaluate((field) => field === document.activeElement),
  ).toBe(true);
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Search the library').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Go to, or do…').fill('nov');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/novels/u);
  expect(complaints).toEqual([]);
});

test('an address that leads nowhere says so', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page, '/no/such/screen');
  const ready = () => page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await ready();
  await expectAccessible(page, ready);
  expect(complaints).toEqual([]);
});
