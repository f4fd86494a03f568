import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWNER } from './app.ts';
import {
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

const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.id);
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
const isInContent = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('#content') !== null);

/** More than any screen of this journey has before what is looked for. */
const MOST_TABS = 40;

/** Goes on by Tab, never out of the content, to the link with these words, and follows it. */
async function follow(page: Page, words: string): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    expect(await isInContent(page), `Tab ${tabs + 1} on the way to ${words}`).toBe(true);
    if ((await focusedText(page)).includes(words)) return page.keyboard.press('Enter');
  }
  throw new Error(`${MOST_TABS} Tabs do not reach “${words}”.`);
}

test('somebody without a pointer signs in, opens a book and a description, and searches', async () => {
  const { page, complaints } = await reader.openWindow();
  await page.goto('/');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.keyboard.type(OWNER.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(OWNER.password);
  await page.keyboard.press('Enter');

  await page.getByRole('link', { name: 'The Fire Copy' }).first().waitFor();
  await expect.poll(() => focusedId(page)).toBe('content');
  await follow(page, 'The Fire Copy');
  await page.getByRole('link', { name: 'Chapter One. North Light' }).waitFor();
  await expect.poll(() => focusedId(page)).toBe('content');
  await follow(page, 'Chapter One. North Light');
  await page.waitForURL(/\/chapters\/\d+/u);
  await expect.poll(() => focusedId(page)).toBe('content');

  const [first] = await reader.descriptionsOf(reader.numberOf('North Light'));
  await page.locator(`[data-gloss="${first!.id}"]`).waitFor();
  await page.keyboard.press('j');
  await expect.poll(() => focusedGloss(page)).toBe(String(first!.id));
  await page.keyboard.press('Enter');
  await expect.poll(() => focusedCard(page)).toBe(String(first!.id));

  await page.keyboard.press('/');
  const panel = page.getByRole('dialog', { name: 'Search in this book' });
  await expect
    .poll(() => panel.getByRole('searchbox').evaluate((field) => field.matches(':focus')))
    .toBe(true);
  await page.keyboard.type('sugar paper');
  const hit = panel.getByRole('button', { name: /sugar paper/u }).first();
  await hit.waitFor();
  await page.keyboard.press('Tab');
  expect(await hit.evaluate((button) => button.matches(':focus'))).toBe(true);
  await page.keyboard.press('Enter');
  await panel.waitFor({ state: 'detached' });
  await expect.poll(() => painted(page, 'found')).toContain('sugar paper');
  expect(complaints).toEqual([]);
});

test('a page that is loaded offers to skip to its content first', async () => {
  const { page } = await reader.openReader(reader.numberOf('North Light'));
  await page.keyboard.press('Tab');
  expect(await focusedText(page)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await expect.poll(() => focusedId(page)).toBe('content');
});
