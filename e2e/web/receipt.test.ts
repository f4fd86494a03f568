import { routes } from '@scriptorium/contract';
import { shortenedBy, startModelServer, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { novelPdf } from './novel-pdf.ts';

const WORDS = 10;
/** The second part of a novel of 40 pages does not end before the test says so. */
const gate = Promise.withResolvers<void>();

let model: ModelServer;
let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  model = await startModelServer(async (request) => {
    if (request.prompt.includes('On page 25 ')) await gate.promise;
    return shortenedBy(request, WORDS);
  });
  const environment = { MODEL: 'openai-compatible/tiny', OPENAI_COMPATIBLE_BASE_URL: model.url };
  [app, browser] = await Promise.all([startApp({ environment }), openBrowser()]);
  const { user } = await app.client.call(routes.auth.me, {});
  await app.client.call(routes.people.grant, { params: { id: user.id }, body: { credits: 500 } });
});
afterAll(async () => {
  gate.resolve();
  await browser.close();
  await app[Symbol.asyncDispose]();
  await model.close();
});

test('nothing is said of a charge between the end of a job and the receipt of its end', async () => {
  const { novel } = await app.client.call(routes.novels.upload, { form: { file: novelPdf(40) } });
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page, `/novels/${novel.id}?words=${WORDS}`);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/novels\/\d+\/jobs\/\d+/u);
  await page.goto(`/jobs/${page.url().split('/').at(-1)}`);
  await page.getByText('1 of 2 parts', { exact: true }).waitFor();
  await page.getByText('when it ends', { exact: true }).first().waitFor();

  const held = Promise.withResolvers<void>();
  await page.route('**/receipt', async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('1 finished part is kept.', { exact: false }).waitFor();
  expect(await page.getByText(/charged|returned|cost of the models/iu).count()).toBe(0);

  held.resolve();
  await page.getByText(/Charged: [\d.]+ credits\. Returned: [\d.]+\./u).waitFor();
  await page.getByText('Cost of the models', { exact: true }).waitFor();
  expect(complaints).toEqual([]);
});
