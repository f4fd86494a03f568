import { text } from 'node:stream/consumers';
import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import { PHONE, signIn } from './browser.ts';
import {
  chapterText,
  focusedCard,
  focusedGloss,
  painted,
  startReaderApp,
  type ReaderApp,
} from './reader-app.ts';

let reader: ReaderApp;
beforeAll(async () => {
  reader = await startReaderApp();
});
afterAll(() => reader[Symbol.asyncDispose]());

test('descriptions are underlined to the letter, and marked behind their last word', async () => {
  const number = reader.numberOf('East Room');
  const expected = await reader.descriptionsOf(number);
  const { page, context, complaints } = await reader.openReader(number);
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

test('descriptions stand beside the text as cards, and one lights the other', async () => {
  const number = reader.numberOf('North Light');
  const [first, second] = await reader.descriptionsOf(number);
  const { page, context } = await reader.openReader(number);
  const cards = page.getByRole('list', { name: 'Descriptions' }).getByRole('listitem');
  await expect.poll(() => cards.count()).toBe((await reader.descriptionsOf(number)).length);

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

test('descriptions are told apart from those of a model, chosen by kind and copied', async () => {
  const number = reader.numberOf('North Light');
  const all = await reader.descriptionsOf(number);
  const { page, context } = await reader.openReader(number);
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

test('descriptions are searched for when the chapter is opened, live and in words, and arrive as they are found', async () => {
  await reader.app.stopWorker();
  const pages = { Alpha: scene('Alpha'), Beta: scene('Beta') };
  const file = fileOf(await tinyEpub({ title: 'Fresh', pages }), 'fresh.epub');
  const { book: fresh } = await reader.app.client.call(routes.books.upload, { form: { file } });
  const { page, context, complaints } = await reader.openWindow();
  await signIn(page, `/books/${fresh.id}/chapters/2`);
  await page
    .getByText(/^(In line|Waiting)/u)
    .first()
    .waitFor();
  expect(await page.locator('[data-gloss]').count()).toBe(0);
  await chapterText(page, 'Beta').getByText('The narrow grey house').waitFor();
  await reader.app.startWorker();
  await page.locator('[data-gloss]').first().waitFor();
  await page
    .getByText(/^\d+ descriptions?$/u)
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('descriptions are not looked for in a service page, which says why and can be corrected and undone', async () => {
  const number = reader.numberOf('Copyright');
  const { page, context } = await reader.openReader(number);
  await page.getByText('Service page').waitFor();
  await page.getByText(/not searched for descriptions: .{5}/u).waitFor();
  const isChapter = page.getByRole('button', { name: 'It is a chapter' });
  // What was there to be corrected is gone before all is known of the correction.
  const gone = isChapter.waitFor({ state: 'detached' });
  await context.route(/\/books\/\d+$/u, async (route) => {
    await gone;
    await route.fallback();
  });
  await isChapter.click();
  const undo = page.getByRole('button', { name: 'Undo' }).first();
  // Under the mouse it stays for as long as the descriptions take.
  await undo.hover();
  await page
    .getByText(/^(\d+ descriptions?|Nothing in this chapter asks)/u)
    .first()
    .waitFor();
  await undo.click();
  await page.getByText('Service page').waitFor();
  const corrected = await reader.app.client.call(routes.books.get, {
    params: { id: reader.book.id },
  });
  expect(corrected.chapters[number - 1]).toMatchObject({ is_service_page: true });
  await context.close();
});

test('the gallery of the book shows only what stands before the reader, unless asked, and is exported as it is shown', async () => {
  const number = reader.numberOf('East Room');
  const { page, context } = await reader.openReader(number);
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
  const later = (await reader.descriptionsOf(reader.numberOf('from the Mutual')))[0]!.quote;
  expect(JSON.parse(guarded)).toMatchObject({ title: reader.book.title });
  expect(guarded).toContain(
    (await reader.descriptionsOf(reader.numberOf('North Light')))[0]!.quote,
  );
  expect(guarded).not.toContain(later);

  await gallery.getByRole('button', { name: 'Show the whole book' }).click();
  await gallery.getByRole('heading', { name: /from the Mutual/u }).waitFor();
  expect(await quotes('JSON')).toContain(later);
  expect((await quotes('CSV')).split('\r\n')[0]).toContain('chapter,title,kind,quote');
  expect(await quotes('Markdown')).toContain(`# ${reader.book.title}`);
  await context.close();
});

test('on a phone the cards open as a sheet, and a swipe turns to the next chapter', async () => {
  const number = reader.numberOf('North Light');
  const [first] = await reader.descriptionsOf(number);
  const { page, context, complaints } = await reader.openReader(number, {
    viewport: PHONE,
    touch: true,
  });
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
