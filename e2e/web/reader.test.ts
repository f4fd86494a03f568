import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { routes, type Book } from '@scriptorium/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
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
let book: Book;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  const file = new File([await openAsBlob(sampleBook('the-fire-copy.en.epub'))], 'fire.epub');
  const handedIn = await app.client.call(routes.books.upload, { form: { file } });
  for await (const event of app.client.events(handedIn.job!.id)) void event;
  book = await app.client.call(routes.books.get, { params: { id: handedIn.book.id } });
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

const numberOf = (title: string) =>
  book.chapters.find((each) => each.title.includes(title))!.number;
const address = (number: number, search = '') => `/books/${book.id}/chapters/${number}${search}`;
const chapterText = (page: Page, name: string | RegExp) => page.getByRole('article', { name });

const pictureOf = (page: Page, name: string) =>
  page.screenshot({
    path: path.join(import.meta.dirname, `screenshots/reader-${name.split(' ', 1)[0]}.png`),
  });

async function openReader(number: number, options: Parameters<typeof openWindow>[2] = {}) {
  const window = await openWindow(browser, app, options);
  await signIn(window.page, address(number));
  await window.page.getByRole('article').locator('p').first().waitFor();
  return window;
}

/** What is painted under a name, as the browser would read it. */
async function painted(page: Page, name: string): Promise<string[]> {
  return page.evaluate(
    (wanted) => [...(CSS.highlights.get(wanted) ?? [])].map(String),
    `reader-${name}`,
  );
}

async function descriptionsOf(number: number) {
  const params = { id: book.id, n: number };
  const { descriptions } = await app.client.call(routes.books.descriptions, { params, query: {} });
  return descriptions.toSorted((a, b) => a.start - b.start);
}

describe('the descriptions of a chapter', () => {
  test('are underlined to the letter, and marked behind their last word', async () => {
    const number = numberOf('East Room');
    const expected = await descriptionsOf(number);
    const { page, context, complaints } = await openReader(number);
    await expect.poll(() => page.locator('[data-gloss]').count()).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(1);
    for (const kind of ['place', 'character', 'atmosphere', 'object'] as const) {
      const quotes = expected.filter((each) => each.kind === kind).map(({ quote }) => quote);
      expect((await painted(page, kind)).toSorted()).toEqual(quotes.toSorted());
    }
    const before = await page.locator('[data-gloss]').evaluateAll((marks) =>
      marks.map((mark) => {
        const range = document.createRange();
        range.setStart(mark.closest('article')!, 0);
        range.setEndBefore(mark);
        return range.toString().length;
      }),
    );
    expect(before).toEqual(expected.map(({ end }) => end).toSorted((a, b) => a - b));
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('stand beside the text as cards, and one lights the other', async () => {
    const number = numberOf('North Light');
    const [first, second] = await descriptionsOf(number);
    const { page, context } = await openReader(number);
    const cards = page.getByRole('list', { name: 'Descriptions' }).getByRole('listitem');
    await expect.poll(() => cards.count()).toBe((await descriptionsOf(number)).length);

    await cards.nth(1).hover();
    await expect.poll(() => painted(page, 'lit')).toEqual([second!.quote]);

    await page.locator(`[data-gloss="${first!.id}"]`).focus();
    await expect.poll(() => painted(page, 'lit')).toEqual([first!.quote]);
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedCard(page)).toBe(String(first!.id));
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedGloss(page)).toBe(String(first!.id));

    // The pointer on the words themselves.
    const [x, y] = await page.evaluate((name) => {
      const [range] = CSS.highlights.get(name) ?? [];
      if (!(range instanceof Range)) throw new Error('Nothing is painted');
      const { left, top } = range.getClientRects()[0]!;
      return [left + 40, top + 8] as const;
    }, 'reader-place');
    await page.mouse.move(x, y);
    await expect.poll(() => painted(page, 'lit')).toEqual([first!.quote]);
    await context.close();
  });

  test('are told apart from those of a model, chosen by kind and copied', async () => {
    const number = numberOf('North Light');
    const all = await descriptionsOf(number);
    const { page, context } = await openReader(number);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('offline rules, no model').waitFor();
    const cards = page.getByRole('list', { name: 'Descriptions' }).getByRole('listitem');
    await expect.poll(() => cards.count()).toBe(all.length);
    await page.getByRole('button', { name: /Places/u }).click();
    const others = all.filter(({ kind }) => kind !== 'place');
    await expect.poll(() => cards.count()).toBe(others.length);
    expect(await painted(page, 'place')).toEqual([]);
    await cards.first().hover();
    await cards.first().getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(others[0]!.quote);
    await context.close();
  });

  test('are searched for when the chapter is opened, live and in words, and arrive as they are found', async () => {
    await app.stopWorker();
    const pages = { Alpha: scene('Alpha'), Beta: scene('Beta') };
    const file = fileOf(await tinyEpub({ title: 'Fresh', pages }), 'fresh.epub');
    const { book: fresh } = await app.client.call(routes.books.upload, { form: { file } });
    const { page, context, complaints } = await openWindow(browser, app);
    await signIn(page, `/books/${fresh.id}/chapters/2`);
    await page
      .getByText(/^(In line|Waiting)/u)
      .first()
      .waitFor();
    expect(await page.locator('[data-gloss]').count()).toBe(0);
    await chapterText(page, 'Beta').getByText('The narrow grey house').waitFor();
    await app.startWorker();
    await page.locator('[data-gloss]').first().waitFor();
    await page
      .getByText(/^\d+ descriptions?$/u)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('are not looked for in a service page, which says why and can be corrected and undone', async () => {
    const number = numberOf('Copyright');
    const { page, context } = await openReader(number);
    await page.getByText('Service page').waitFor();
    await page.getByText(/not searched for descriptions: .{5}/u).waitFor();
    await page.getByRole('button', { name: 'It is a chapter' }).click();
    await page
      .getByText(/^(\d+ descriptions?|Nothing in this chapter asks)/u)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByText('Service page').waitFor();
    const corrected = await app.client.call(routes.books.get, { params: { id: book.id } });
    expect(corrected.chapters[number - 1]).toMatchObject({ is_service_page: true });
    await context.close();
  });
});

const focusedCard = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-card'));
const focusedGloss = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-gloss'));

describe('reading', () => {
  test('goes by the keyboard, and remembers how somebody reads', async () => {
    const number = numberOf('North Light');
    const { page, context, complaints } = await openReader(number);
    await page.locator('[data-gloss]').first().waitFor();
    await page.keyboard.press(']');
    await chapterText(page, /Day-book/u).waitFor();
    await page.waitForURL(`**${address(number + 1)}`);
    await page.keyboard.press('[');
    await chapterText(page, /North Light/u).waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => focusedGloss(page)).toBe(String((await descriptionsOf(number))[0]!.id));
    await page.keyboard.press('j');
    await expect.poll(() => focusedGloss(page)).toBe(String((await descriptionsOf(number))[1]!.id));
    await page.keyboard.press('k');
    await expect.poll(() => focusedGloss(page)).toBe(String((await descriptionsOf(number))[0]!.id));

    const sizeOf = () =>
      page.getByRole('article').evaluate((text) => parseFloat(getComputedStyle(text).fontSize));
    const usual = await sizeOf();
    await page.keyboard.press('+');
    await expect.poll(sizeOf).toBeGreaterThan(usual);
    await page.getByRole('button', { name: 'Type and paper' }).click();
    await page.getByText('Sans', { exact: true }).click();
    await page.getByText('Sepia', { exact: true }).click();
    await page.reload();
    await page.getByRole('article').locator('p').first().waitFor();
    expect(await sizeOf()).toBeGreaterThan(usual);
    const face = await page
      .getByRole('article')
      .evaluate((text) => getComputedStyle(text).fontFamily);
    expect(face).toContain('Inter');
    expect(await page.locator('html').getAttribute('data-paper')).toBe('sepia');

    await page.keyboard.press('t');
    const contents = page.getByRole('dialog', { name: 'Contents' });
    await contents.getByRole('button', { name: /The Rakers/u }).click();
    await chapterText(page, /The Rakers/u).waitFor();
    await page.keyboard.press('?');
    await page.getByText('Next description').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('sets a measure of 60 to 70 characters, hyphenated as the book speaks', async () => {
    const { page, context } = await openReader(numberOf('North Light'));
    const text = page.getByRole('article');
    expect(await text.getAttribute('lang')).toBe('en');
    const lines = await text.evaluate((element) => {
      const paragraph = [...element.querySelectorAll('p')].find((p) => p.textContent.length > 600)!;
      const range = document.createRange();
      range.selectNodeContents(paragraph);
      const tops = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8)));
      return paragraph.textContent.length / tops.size;
    });
    expect(lines).toBeGreaterThan(55);
    expect(lines).toBeLessThan(72);
    expect(await text.evaluate((element) => getComputedStyle(element).hyphens)).toBe('auto');
    await context.close();
  });

  test('opens a note beside its mark and gives the focus back', async () => {
    const { page, context } = await openReader(numberOf('North Light'));
    const mark = page.getByRole('article').getByRole('button', { name: 'Note 1' });
    await mark.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Note 1' }).getByText('sugar loaves').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect
      .poll(() => mark.evaluate((element) => element === document.activeElement))
      .toBe(true);
    await context.close();
  });

  test('finds words in the whole book and shows them in their place', async () => {
    const { page, context } = await openReader(numberOf('North Light'));
    await page.keyboard.press('/');
    const panel = page.getByRole('dialog', { name: 'Search in this book' });
    await panel.getByRole('searchbox').fill('sugar paper');
    await panel.getByText('1 place').waitFor();
    await panel.getByRole('searchbox').fill("you're not allowed");
    const hit = panel.getByRole('button', { name: /You’re not allowed/u });
    await hit.click();
    await chapterText(page, /The East Room/u).waitFor();
    await expect.poll(() => painted(page, 'found')).toEqual(['You’re not allowed']);
    expect(new URL(page.url()).searchParams.get('q')).toContain('not allowed');
    await context.close();
  });
});

describe('the place of a reader', () => {
  /** The first words on the screen. */
  const topWords = (page: Page) =>
    page.evaluate(() => {
      const { left } = document.querySelector('article')!.getBoundingClientRect();
      const caret = document.caretPositionFromPoint(left + 30, 100);
      return caret?.offsetNode.textContent?.slice(caret.offset, caret.offset + 20) ?? '';
    });
  const places = (page: Page) =>
    page.evaluate(
      () =>
        Object.keys(localStorage)
          .filter((name) => name.includes('places'))
          .map((name) => localStorage.getItem(name))[0],
    );

  test('is kept over a reload, a turn back and another visit', async () => {
    const number = numberOf('The East Room');
    const { page, context } = await openReader(number);
    await page.locator('[data-gloss]').first().waitFor();
    const lines = async () => (await places(page))?.split('\n').length ?? 0;
    const known = await lines();
    await page.mouse.wheel(0, 1000);
    await expect.poll(lines).toBeGreaterThan(known);
    const words = await topWords(page);
    expect(words).not.toBe('');

    await page.reload();
    await page.locator('[data-gloss]').first().waitFor();
    await expect.poll(() => topWords(page)).toBe(words);
    await page.keyboard.press(']');
    await chapterText(page, /The Man from the Mutual/u).waitFor();
    await expect.poll(() => page.evaluate('scrollY')).toBe(0);
    await page.keyboard.press('[');
    await chapterText(page, /The East Room/u).waitFor();
    await expect.poll(() => topWords(page)).toBe(words);
    await page.goto('/');
    await page.goto(`/books/${book.id}/read`);
    await chapterText(page, /The East Room/u).waitFor();
    await expect.poll(() => topWords(page)).toBe(words);
    await context.close();
  });

  test('is asked about, never jumped to, when another window has read on', async () => {
    const { page, context } = await openReader(numberOf('North Light'));
    const other = await context.newPage();
    await other.goto(address(numberOf('Salt Scale')));
    await other.getByRole('article').locator('p').first().waitFor();
    const notice = page.getByRole('complementary').filter({ hasText: 'Salt Scale' });
    await notice.waitFor();
    expect(page.url()).toContain(address(numberOf('North Light')));
    await notice.getByRole('button', { name: 'Stay here' }).click();
    await notice.waitFor({ state: 'detached' });
    await page.reload();
    await notice.getByRole('button', { name: 'Go there' }).click();
    await chapterText(page, /Salt Scale/u).waitFor();
    await context.close();
  });
});

describe('the gallery of the book', () => {
  test('shows only what stands before the reader, unless asked, and is exported as it is shown', async () => {
    const number = numberOf('East Room');
    const { page, context } = await openReader(number);
    await page.locator('[data-gloss]').first().waitFor();
    await page.keyboard.press('d');
    const gallery = page.getByRole('dialog', { name: 'Descriptions in the book' });
    await gallery.getByRole('heading', { name: /North Light/u }).waitFor();
    expect(await gallery.getByRole('heading', { name: /from the Mutual/u }).count()).toBe(0);
    await gallery.getByText(/later chapters? stays? closed/u).waitFor();
    const quotes = async (format: string) => {
      await gallery.getByRole('button', { name: /^Export/u }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: format }).click(),
      ]);
      return await text(await download.createReadStream());
    };
    const guarded = await quotes('JSON');
    const later = (await descriptionsOf(numberOf('from the Mutual')))[0]!.quote;
    expect(JSON.parse(guarded)).toMatchObject({ title: book.title });
    expect(guarded).toContain((await descriptionsOf(numberOf('North Light')))[0]!.quote);
    expect(guarded).not.toContain(later);

    await gallery.getByRole('button', { name: 'Show the whole book' }).click();
    await gallery.getByRole('heading', { name: /from the Mutual/u }).waitFor();
    expect(await quotes('JSON')).toContain(later);
    expect((await quotes('CSV')).split('\r\n')[0]).toContain('chapter,title,kind,quote');
    expect(await quotes('Markdown')).toContain(`# ${book.title}`);
    await context.close();
  });
});

test('on a phone the cards open as a sheet, and a swipe turns to the next chapter', async () => {
  const number = numberOf('North Light');
  const [first] = await descriptionsOf(number);
  const { page, context, complaints } = await openReader(number, { viewport: PHONE, touch: true });
  await page.locator(`[data-gloss="${first!.id}"]`).tap();
  const sheet = page.getByRole('dialog', { name: 'Descriptions' });
  await sheet.getByRole('heading', { name: 'Places' }).waitFor();
  await sheet.locator(`[data-card="${first!.id}"]`).tap();
  await expect.poll(() => focusedGloss(page)).toBe(String(first!.id));
  await sheet.waitFor({ state: 'detached' });
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(overflow).toBe(0);
  const finger = await context.newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number) =>
    finger.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: x === undefined ? [] : [{ x, y: 500 }],
    });
  await touch('touchStart', 330);
  await touch('touchMove', 180);
  await touch('touchMove', 60);
  await touch('touchEnd');
  await chapterText(page, /Day-book/u).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test.each([
  ['fr', 'Table des matières', /règles hors ligne/u],
  ['ru', 'Содержание', /офлайн-правила/u],
  ['uk', 'Зміст', /офлайн-правила/u],
] as const)('speaks %s', async (language, contents, label) => {
  const { page, context, complaints } = await openReader(numberOf('North Light'), { language });
  await page.getByText(label).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('dialog', { name: contents }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('axe finds nothing in the text on any paper', async () => {
  const { page, complaints, context } = await openReader(numberOf('North Light'));
  await expectAccessible(page, () => page.locator('[data-gloss]').first().waitFor());
  expect(complaints).toEqual([]);
  await context.close();
});

test('looks like a book on every screen', async () => {
  const { page, complaints, context } = await openReader(numberOf('North Light'));
  await takeScreenshots(page, 'reader', () => page.locator('[data-gloss]').first().waitFor());
  expect(complaints).toEqual([]);
  await context.close();
});

test('axe finds nothing in what opens above the text', async () => {
  const { page, complaints, context } = await openReader(numberOf('North Light'));
  await page.locator('[data-gloss]').first().waitFor();
  const findings: string[] = [];
  for (const [key, name] of [
    ['t', 'Contents'],
    ['/', 'Search in this book'],
    ['d', 'Descriptions in the book'],
  ] as const) {
    await page.keyboard.press(key);
    const panel = page.getByRole('dialog', { name });
    await panel.waitFor();
    if (key === '/') await panel.getByRole('searchbox').fill('window');
    await panel.getByRole('button').nth(1).waitFor();
    findings.push(...(await axeFindings(page)));
    await pictureOf(page, name);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: 'Type and paper' }).click();
  await page.getByText('Sepia', { exact: true }).waitFor();
  findings.push(...(await axeFindings(page)));
  expect(findings).toEqual([]);
  await pictureOf(page, 'settings');
  expect(complaints).toEqual([]);
  await context.close();
});
