import { openAsBlob } from 'node:fs';
import { routes, type Book, type Description } from '@scriptorium/contract';
import type { Page } from 'playwright-core';
import { sampleBook, startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn, type Window } from './browser.ts';

/** An installation with the sample book prepared, and a browser to read it in. */
export interface ReaderApp extends AsyncDisposable {
  readonly app: TestApp;
  readonly book: Book;
  /** Somebody who has never been here. */
  openWindow(): Promise<Window>;
  /** The number of the chapter with these words in its title. */
  numberOf(title: string): number;
  address(number: number): string;
  /** Opens a chapter as the owner and waits for its text. */
  openReader(number: number, options?: Parameters<typeof openWindow>[2]): Promise<Window>;
  /** What the server knows of a chapter, in the order of the text. */
  descriptionsOf(number: number): Promise<Description[]>;
}

/** The set-up of all journeys of a reader; `await using` it, or dispose of it at the end. */
export async function startReaderApp(): Promise<ReaderApp> {
  await using stack = new AsyncDisposableStack();
  const app = stack.use(await startApp());
  const browser = stack.adopt(await openBrowser(), (open) => open.close());
  const book = await prepareSample(app);
  const owned = stack.move();
  const address = (number: number) => `/books/${book.id}/chapters/${number}`;
  return {
    app,
    book,
    address,
    openWindow: () => openWindow(browser, app),
    numberOf: (title) => {
      const chapter = book.chapters.find((each) => each.title.includes(title));
      if (chapter === undefined) throw new Error(`No chapter is called “${title}”.`);
      return chapter.number;
    },
    async openReader(number, options = {}) {
      const window = await openWindow(browser, app, options);
      // Every window is another device to the server; what the reader asks about those has tests of its own.
      await window.context.route(/\/positions$/u, (route) =>
        route.request().method() === 'GET'
          ? route.fulfill({ json: { positions: [] } })
          : route.fallback(),
      );
      await signIn(window.page, address(number));
      await window.page.getByRole('article').locator('p').first().waitFor();
      return window;
    },
    async descriptionsOf(number) {
      const params = { id: book.id, n: number };
      const { descriptions } = await app.client.call(routes.books.descriptions, {
        params,
        query: {},
      });
      return descriptions.toSorted((a, b) => a.start - b.start);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function prepareSample({ client }: TestApp): Promise<Book> {
  const file = new File([await openAsBlob(sampleBook('the-fire-copy.en.epub'))], 'fire.epub');
  const { book, job } = await client.call(routes.books.upload, { form: { file } });
  if (job !== null) for await (const event of client.events(job.id)) void event;
  return client.call(routes.books.get, { params: { id: book.id } });
}

/** The text of a chapter on the screen. */
export const chapterText = (page: Page, name: string | RegExp) =>
  page.getByRole('article', { name });

/** What is painted under a name, as the browser would read it. */
export async function painted(page: Page, name: string): Promise<string[]> {
  return page.evaluate(
    (wanted) => [...(CSS.highlights.get(wanted) ?? [])].map(String),
    `reader-${name}`,
  );
}

/** The description whose card has the focus. */
export const focusedCard = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-card'));

/** The description whose mark in the text has the focus. */
export const focusedGloss = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-gloss'));
