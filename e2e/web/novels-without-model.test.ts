import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';

const SAMPLE = path.join(import.meta.dirname, '../../samples/out/l-horloge-de-brumeville.fr.pdf');
const NEEDS_ONE = 'Rewriting by a model needs one that the operator of this server sets up.';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let novelId: number;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  const file = new File([await readFile(SAMPLE)], 'horloge.pdf');
  novelId = (await app.client.call(routes.novels.upload, { form: { file } })).novel.id;
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

test('a server without a model offers the rules alone, and says what a model needs', async () => {
  const { page, complaints } = await openWindow(browser, app);
  // An address that was kept from when there was one.
  await signIn(page, `/novels/${novelId}?model=quality`);
  await page.getByText(NEEDS_ONE).waitFor();
  await page.getByText('Nothing is held and nothing is charged.').waitFor();
  const choices = page.getByRole('radio');
  expect(await choices.count()).toBe(1);
  expect(await choices.first().isChecked()).toBe(true);
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText(/^All \d+ sentences present/u).waitFor();
  await page.getByRole('button', { name: /^Redo all \d+ over the limit$/u }).click();
  await page.getByText(NEEDS_ONE).waitFor();
  const redos = page.getByRole('menuitem');
  expect(await redos.allTextContents()).toEqual(['With Offline rules, no model']);
  expect(complaints).toEqual([]);
});
