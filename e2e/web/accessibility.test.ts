import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { routes } from '@scriptorium/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWNER, sampleBook, startApp, type TestApp } from './app.ts';
import {
  axeFindings,
  DESKTOP,
  openBrowser,
  openWindow,
  PHONE,
  signIn,
  takeScreenshot,
} from './browser.ts';
import { openMisfortunes } from './operator-data.ts';
import { addPerson, invite, signInAs } from './people.ts';

const NOVEL = path.join(import.meta.dirname, '../../samples/out/l-horloge-de-brumeville.fr.pdf');

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
/** Somebody who is signed in as the owner, and somebody who is not signed in. */
let owner: Page;
let visitor: Page;
/** Where the sample data is; a screen below names what it shows, or its own address. */
const addresses = new Map<string, string>();

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  await fill();
  [owner, visitor] = [(await openWindow(browser, app)).page, (await openWindow(browser, app)).page];
  await signIn(owner, '/account');
}, 120_000);
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

/** An installation as it is after a while: books, a novel, jobs, people, invitations, keys, and some bad luck. */
async function fill(): Promise<void> {
  const { client } = app;
  const endOf = async (jobId: number) => {
    for await (const event of client.events(jobId)) void event;
  };
  const bookFile = sampleBook('the-fire-copy.en.epub');
  const { book, job } = await client.call(routes.books.upload, {
    form: { file: new File([await readFile(bookFile)], path.basename(bookFile)) },
  });
  const { novel } = await client.call(routes.novels.upload, {
    form: { file: new File([await readFile(NOVEL)], path.basename(NOVEL)) },
  });
  const { job_id: novelJob } = await client.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: 10, gemini_model: 'offline' },
  });
  if (job !== null) await endOf(job.id);
  await endOf(novelJob);
  const person = await addPerson(app, 'bea@example.org', { role: 'premium', credits: 250 });
  const disabled = await addPerson(app, 'carl@example.org');
  await client.call(routes.people.change, {
    params: { id: disabled },
    body: { is_disabled: true },
  });
  await invite(app, { credits: 100 });
  await client.call(routes.people.grant, {
    params: { id: 1 },
    body: { credits: 500, note: 'to begin with' },
  });
  await client.call(routes.people.grant, { params: { id: 1 }, body: { credits: -120.5 } });
  await client.call(routes.apiKeys.create, { body: { name: 'backup script', scopes: ['read'] } });
  await using misfortunes = openMisfortunes(app);
  await misfortunes.addDayOfWork();
  await misfortunes.addSilentWorker('night shift');
  if (job !== null) await misfortunes.quarantinePartOf(job.id);
  for (const [name, address] of [
    ['book', `/books/${book.id}`],
    ['chapter', `/books/${book.id}/chapters/7`],
    ['job', `/jobs/${novelJob}`],
    ['novel', `/novels/${novel.id}`],
    ['result', `/novels/${novel.id}/jobs/${novelJob}`],
    ['person', `/operations/people/${person}`],
  ] as const) {
    addresses.set(name, address);
  }
}

/** axe finds nothing at either width on either paper; a picture of each is kept to look at. */
async function expectFlawless(page: Page, name: string, ready: RegExp | string): Promise<void> {
  const findings: string[] = [];
  for (const paper of ['dark', 'light'] as const) {
    // The paper of somebody who has not chosen one follows the device at once.
    await page.emulateMedia({ colorScheme: paper, reducedMotion: 'reduce' });
    for (const [device, size] of [
      ['phone', PHONE],
      ['desktop', DESKTOP],
    ] as const) {
      await page.setViewportSize(size);
      await page.locator(`html[data-paper="${paper}"]`).waitFor();
      await page.getByText(ready).filter({ visible: true }).first().waitFor();
      await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
      const found = await axeFindings(page);
      findings.push(...found.map((finding) => `${device}, ${paper}: ${finding}`));
      // A result of hundreds of sentences is as long as a wall; the window shows what it looks like.
      const fullPage = name !== 'novel-result';
      await takeScreenshot(page, `all-${name}-${device}-${paper}`, { fullPage });
    }
  }
  expect(findings).toEqual([]);
}

test.each([
  ['sign-in', '/sign-in', 'At its first start the server prints'],
  ['claim', '/first/a-link-that-was-used', 'Become the owner'],
  ['register', '/register', 'Open the account'],
  ['invitation', '/invitation/a-link-that-was-used', 'You have been invited.'],
  ['reset-password', '/reset-password/a-link-that-was-used', 'Set the password'],
] as const)('nothing is in the way of anybody at %s', async (name, address, ready) => {
  await visitor.goto(address);
  await expectFlawless(visitor, name, ready);
});

test.each([
  ['library', '/', 'The Fire Copy'],
  ['book', 'book', 'Chapters'],
  ['reader', 'chapter', 'Next chapter'],
  ['novels', '/novels', /Brumeville/u],
  ['novel', 'novel', /Brumeville/u],
  ['novel-result', 'result', /sentences/u],
  ['jobs', '/jobs', /The Fire Copy|Brumeville/u],
  ['job', 'job', /Brumeville/u],
  ['account', '/account', 'Days to keep ended jobs'],
  ['account-credits', '/account/credits', 'to begin with'],
  ['account-keys', '/account/keys', 'backup script'],
  ['account-security', '/account/security', 'this browser'],
  ['operations', '/operations', 'night shift'],
  ['operations-people', '/operations/people', 'bea@example.org'],
  ['operations-person', 'person', 'Forgotten password'],
  ['operations-invitations', '/operations/invitations', 'whoever has the link'],
  ['not-found', '/nowhere', 'There is no such page'],
] as const)('nothing is in the way of the owner at %s', async (name, address, ready) => {
  await owner.goto(addresses.get(address) ?? address);
  await expectFlawless(owner, name, ready);
});

test.each([
  ['commands', 'Control+k', 'Account: API keys'],
  ['keyboard', '?', 'Show this list'],
] as const)('nothing is in the way in the dialog of %s', async (name, keys, ready) => {
  await owner.goto('/account');
  await owner.getByText(OWNER.email, { exact: true }).waitFor();
  await owner.keyboard.press(keys);
  await expectFlawless(owner, name, ready);
});

test('nothing is in the way of a member where only administrators may go', async () => {
  const { page } = await openWindow(browser, app);
  await signInAs(page, 'bea@example.org', '/operations');
  await expectFlawless(page, 'operations-closed', 'This room is for administrators');
});
