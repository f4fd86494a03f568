import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings, expectAccessible, takeScreenshot, takeScreenshots } from './browser.ts';
import { startReaderApp, type ReaderApp } from './reader-app.ts';

let reader: ReaderApp;
beforeAll(async () => {
  reader = await startReaderApp();
});
afterAll(() => reader[Symbol.asyncDispose]());

test.each([
  ['fr', 'Table des matières', /règles hors ligne/u],
  ['ru', 'Содержание', /офлайн-правила/u],
  ['uk', 'Зміст', /офлайн-правила/u],
] as const)('speaks %s', async (language, contents, label) => {
  const { page, context, complaints } = await reader.openReader(reader.numberOf('North Light'), {
    language,
  });
  await page.getByText(label).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('dialog', { name: contents }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('axe finds nothing in the text on any paper', async () => {
  const { page, complaints, context } = await reader.openReader(reader.numberOf('North Light'));
  await expectAccessible(page, () => page.locator('[data-gloss]').first().waitFor());
  expect(complaints).toEqual([]);
  await context.close();
});

test('looks like a book on every screen', async () => {
  const { page, complaints, context } = await reader.openReader(reader.numberOf('North Light'));
  await takeScreenshots(page, 'reader', () => page.locator('[data-gloss]').first().waitFor(), {
    // A chapter is longer than any picture of it.
    fullPage: false,
  });
  expect(complaints).toEqual([]);
  await context.close();
});

test('axe finds nothing in what opens above the text', async () => {
  const { page, complaints, context } = await reader.openReader(reader.numberOf('North Light'));
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
    await takeScreenshot(page, `reader-${name.split(' ', 1)[0]}`, { fullPage: false });
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: 'Type and paper' }).click();
  await page.getByText('Sepia', { exact: true }).waitFor();
  findings.push(...(await axeFindings(page)));
  expect(findings).toEqual([]);
  await takeScreenshot(page, 'reader-settings', { fullPage: false });
  expect(complaints).toEqual([]);
  await context.close();
});
