import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow } from './browser.ts';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

test('somebody who is not signed in is asked to sign in', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await page.goto('/jobs');
  await page.waitForURL(/\/sign-in/u);
  expect(complaints).toEqual([]);
});
