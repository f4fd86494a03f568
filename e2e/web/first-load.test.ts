import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureWebApp } from '../../apps/web/build.ts';
import { startApp, type TestApp } from './app.ts';
import { axeFindings, openBrowser, openWindow, signIn } from './browser.ts';

/** Compressed script that a person waits for before the library is there. */
const MOST_BYTES = 250_000;

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

test('the first load is at most 250 kB of compressed script, and nothing comes from elsewhere', async () => {
  const { page } = await openWindow(browser, app);
  await signIn(page);
  await page.getByRole('heading', { name: 'No books yet' }).waitFor();
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize })),
  );
  const scripts = loaded.filter(({ name }) => new URL(name).pathname.endsWith('.js'));
  const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(loaded.filter(({ name }) => new URL(name).origin !== app.url)).toEqual([]);
});

test('the page lets no script run that it did not bring, and axe sees what is wrong', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page);
  await page.getByRole('heading', { name: 'No books yet' }).waitFor();
  await page.evaluate(() => {
    const host = document.createElement('div');
    host.innerHTML = '<img src="https://example.org/x.png" onerror="document.title = \'run\'">';
    document.querySelector('main')?.append(host);
  });
  await expect.poll(() => complaints.join('\n')).toContain('Content Security Policy');
  expect(await page.title()).not.toBe('run');
  expect((await axeFindings(page)).join('\n')).toContain('image-alt');
});

test('what was built of the same sources is not built again', async () => {
  const { folder, isNew } = await ensureWebApp();
  expect(isNew).toBe(false);
  expect((await ensureWebApp()).folder).toBe(folder);
});
