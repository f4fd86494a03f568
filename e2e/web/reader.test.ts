import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chapterText,
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

describe('reading', () => {
  test('goes by the keyboard, and remembers how somebody reads', async () => {
    const number = reader.numberOf('North Light');
    const { page, context, complaints } = await reader.openReader(number);
    await page.locator('[data-gloss]').first().waitFor();
    await page.keyboard.press(']');
    await chapterText(page, /Day-book/u).waitFor();
    await page.waitForURL(`**${reader.address(number + 1)}`);
    await page.keyboard.press('[');
    await chapterText(page, /North Light/u).waitFor();
    await page.keyboard.press('j');
    await expect
      .poll(() => focusedGloss(page))
      .toBe(String((await reader.descriptionsOf(number))[0]!.id));
    await page.keyboard.press('j');
    await expect
      .poll(() => focusedGloss(page))
      .toBe(String((await reader.descriptionsOf(number))[1]!.id));
    await page.keyboard.press('k');
    await expect
      .poll(() => focusedGloss(page))
      .toBe(String((await reader.descriptionsOf(number))[0]!.id));

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

  test('never takes a chapter from the eyes again once it stands', async () => {
    const { page, context } = await reader.openReader(reader.numberOf('North Light'));
    await context.addInitScript(() => {
      // React puts a placeholder beside what it hides: a second frame of a screen.
      new MutationObserver(() => {
        const frames = document.querySelectorAll('main').length;
        if (frames > 1) document.documentElement.dataset['hidden'] = 'yes';
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(reader.address(reader.numberOf('Copyright')));
    await page.getByText('It is not searched for descriptions').waitFor();
    expect(await page.locator('html').getAttribute('data-hidden')).toBeNull();
    await context.close();
  });

  test('sets a measure of 60 to 70 characters, hyphenated as the book speaks', async () => {
    const { page, context } = await reader.openReader(reader.numberOf('North Light'));
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
    const { page, context } = await reader.openReader(reader.numberOf('North Light'));
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
    const { page, context } = await reader.openReader(reader.numberOf('North Light'));
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
    const number = reader.numberOf('The East Room');
    const { page, context } = await reader.openReader(number);
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
    await page.goto(`/books/${reader.book.id}/read`);
    await chapterText(page, /The East Room/u).waitFor();
    await expect.poll(() => topWords(page)).toBe(words);
    await context.close();
  });

  test('is asked about, never jumped to, when another window has read on', async () => {
    const { page, context } = await reader.openReader(reader.numberOf('North Light'));
    const other = await context.newPage();
    await other.goto(reader.address(reader.numberOf('Salt Scale')));
    await other.getByRole('article').locator('p').first().waitFor();
    const notice = page.getByRole('complementary').filter({ hasText: 'Salt Scale' });
    await notice.waitFor();
    expect(page.url()).toContain(reader.address(reader.numberOf('North Light')));
    await notice.getByRole('button', { name: 'Stay here' }).click();
    await notice.waitFor({ state: 'detached' });
    await page.reload();
    await notice.getByRole('button', { name: 'Go there' }).click();
    await chapterText(page, /Salt Scale/u).waitFor();
    await context.close();
  });
});
