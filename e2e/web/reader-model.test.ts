import { reply, type ModelReply } from '@scriptorium/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCENE } from '../../apps/server/src/features/books/tiny-epub.ts';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { painted } from './reader-app.ts';
import { addBook, startScriptedModel, type ScriptedModel } from './scripted-model.ts';

let app: TestApp;
let model: ScriptedModel;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [model, browser] = await Promise.all([startScriptedModel(), openBrowser()]);
  app = await startApp({ environment: model.environment });
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

const [HOUSE = '', GARDEN = ''] = SCENE.split(/(?<=\.) /u);
const DESCRIPTIONS = reply.answer({
  items: [
    { paragraph: 3, kind: 'place', quote: HOUSE, name: 'The house', confidence: 0.9 },
    { paragraph: 3, kind: 'place', quote: GARDEN, name: 'The garden', confidence: 0.8 },
  ],
});
/** Seconds that the model asks to be left alone: long enough to be seen, short enough for a test. */
const RETRY_AFTER = 3;

test('a chapter that nobody has prepared waits for the model in words and with a time, and shows what it finds', async () => {
  const { bookId } = await addBook(app, 'The model reads', 7);
  const first = Promise.withResolvers<ModelReply>();
  const asked = Promise.withResolvers<void>();
  const replies: (() => ModelReply | Promise<ModelReply>)[] = [
    () => {
      asked.resolve();
      return first.promise;
    },
    () => DESCRIPTIONS,
  ];
  model.says('The model reads, part 7', () => (replies.shift() ?? (() => DESCRIPTIONS))());
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page, `/books/${bookId}/chapters/7`);

  await asked.promise;
  await page.getByText('Looking for descriptions in this chapter', { exact: false }).waitFor();
  await page.getByText(HOUSE, { exact: false }).waitFor();
  expect(await page.locator('[data-gloss]').count()).toBe(0);

  first.resolve(reply.status(429, { headers: { 'retry-after': String(RETRY_AFTER) } }));
  await page
    .getByText(/^Waiting: the limit of .*tiny.* is reached, until \d{1,2}:\d\d/u)
    .first()
    .waitFor();

  await page.getByText('2 descriptions', { exact: true }).first().waitFor();
  await page.getByText(/^found by .*tiny/u).waitFor();
  expect(await page.getByText('offline', { exact: false }).count()).toBe(0);
  const cards = page.getByRole('list', { name: 'Descriptions' }).getByRole('listitem');
  await expect.poll(() => cards.count()).toBe(2);
  expect((await painted(page, 'place')).toSorted()).toEqual([HOUSE, GARDEN].toSorted());
  expect(complaints).toEqual([]);
});
