import { readFile } from 'node:fs/promises';
import { createClient, routes } from '@scriptorium/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleBook, startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { openMisfortunes, type Misfortunes } from './operator-data.ts';
import { addPerson, PASSWORD, signInAs } from './people.ts';

let app: TestApp;
let misfortunes: Misfortunes;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  misfortunes = openMisfortunes(app);
});
afterAll(async () => {
  await browser.close();
  await misfortunes[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

async function openAt(screen: string) {
  const window = await openWindow(browser, app);
  await signIn(window.page, screen);
  return window;
}

const item = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });

test('a member is told whose room it is, and the header does not lead there', async () => {
  await addPerson(app, 'mo@example.org');
  const { page, complaints } = await openWindow(browser, app);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const screen of ['', '/people', '/people/1', '/invitations']) {
    await signInAs(page, 'mo@example.org', `/operations${screen}`);
    await page.getByRole('heading', { name: 'This room is for administrators' }).waitFor();
  }
  const header = page.getByRole('navigation', { name: 'Main' });
  await header.getByRole('link', { name: 'Library' }).waitFor();
  expect(await header.getByRole('link', { name: 'Operations' }).count()).toBe(0);
  expect(
    asked.filter((path) => /\/api\/v1\/(operations|users|auth\/invitations)/u.test(path)),
  ).toEqual([]);
  expect(complaints).toEqual([]);
});

describe('now', () => {
  test('workers, the queue and the day are shown, and brought up to date quietly', async () => {
    await misfortunes.addSilentWorker('night shift');
    await misfortunes.addDayOfWork();
    const { page, complaints } = await openAt('/operations');
    const silent = item(page, 'night shift');
    await silent.getByText(/silent for 1 min/u).waitFor();
    await silent.getByText('0 of 4 slots in use').waitFor();
    expect(await page.getByText(/^heard /u).count()).toBe(1);
    await page.getByText(/^Updated (now|\d+ seconds? ago)$/u).waitFor();

    const { hours } = await app.client.call(routes.operations.overview, {});
    const sum = (name: 'chunks_done' | 'chunks_failed') =>
      hours.reduce((total, hour) => total + hour[name], 0);
    expect(sum('chunks_failed')).toBeGreaterThan(0);
    await page
      .getByRole('img', { name: `${sum('chunks_done')} done, ${sum('chunks_failed')} failed` })
      .waitFor();
    await page.getByText('As a table: Parts').click();
    const table = page.getByRole('table').filter({ hasText: 'Hour' });
    expect(await table.getByRole('row').count()).toBe(25);

    await misfortunes.removeWorker('night shift');
    await silent.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('when the server is silent, the figures stay and say from when they are', async () => {
    await using own = await startApp({ hasWorker: false });
    const { page } = await openWindow(browser, own);
    await signIn(page, '/operations');
    await page.getByRole('heading', { name: 'No worker' }).waitFor();
    await page.route('**/api/v1/operations', (route) => route.abort());
    await page.getByText(/The server does not answer\. These figures are from/u).waitFor();
    await page.getByRole('heading', { name: 'No worker' }).waitFor();
    await page.unroute('**/api/v1/operations');
    await page.getByText(/The server does not answer/u).waitFor({ state: 'detached' });
    await page.getByText(/^Updated (now|\d+ seconds? ago)$/u).waitFor();
    expect(await page.getByRole('heading', { name: 'No worker' }).count()).toBe(1);
  });

  test('a work in quarantine says what happened, and runs once more when told to', async () => {
    const { client } = app;
    const { job } = await client.call(routes.books.upload, {
      form: { file: new File([await readFile(sampleBook('the-fire-copy.en.epub'))], 'fire.epub') },
    });
    if (job === null) throw new Error('The book was there before');
    for await (const event of client.events(job.id)) void event;
    await misfortunes.quarantinePartOf(job.id);
    const { page, complaints } = await openAt('/operations');
    const work = item(page, '3 crashes');
    await work.getByText('last with signal SIGKILL').waitFor();
    await work.getByRole('link', { name: `job ${job.id}` }).waitFor();
    await work.getByRole('button', { name: /^Run it once more: work \d+$/u }).click();
    await page.getByText('1 new job does what was missing.').waitFor();
    await work.waitFor({ state: 'detached' });
    const { jobs } = await client.call(routes.jobs.list, { query: {} });
    expect(jobs[0]?.retry_of).toBe(job.id);
    expect(complaints).toEqual([]);
  });
});

describe('people', () => {
  test('are searched and filtered by the address', async () => {
    await addPerson(app, 'nina@example.org');
    const id = await addPerson(app, 'otto@example.org');
    await app.client.call(routes.people.change, { params: { id }, body: { is_disabled: true } });
    const { page, complaints } = await openAt('/operations/people');
    await page.getByRole('link', { name: 'nina@example.org' }).waitFor();
    await page.getByRole('searchbox').fill('otto');
    await page.getByRole('link', { name: 'nina@example.org' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?q=otto');
    await page.getByRole('row').filter({ hasText: 'otto' }).getByText('disabled').waitFor();
    await page.getByLabel('Show').selectOption('enabled');
    await page.getByText('Nobody here is called that.').waitFor();
    await page.reload();
    await page.getByText('Nobody here is called that.').waitFor();
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await page.getByRole('link', { name: 'nina@example.org' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('get credits, a quota and a role, which is taken back', async () => {
    const id = await addPerson(app, 'pia@example.org');
    const get = () => app.client.call(routes.people.get, { params: { id } });
    const { page, complaints } = await openAt(`/operations/people/${id}`);
    await page.getByLabel('How many').fill('120.5');
    await page.getByLabel('Note, which pia@example.org sees').fill('welcome');
    await page.getByRole('button', { name: 'Grant' }).click();
    await page.getByText('Done: +120.5. Available now: 120.5.').waitFor();
    await page.getByText('120.5 available, 0 set aside').waitFor();

    await page.getByLabel('Limit in megabytes').fill('250');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The limit is now 250 MB.').waitFor();
    expect((await get()).storage.quota_bytes).toBe(250_000_000);

    await page.getByLabel('Role', { exact: true }).selectOption('admin');
    await page.getByText('pia@example.org is now: administrator.').waitFor();
    expect((await get()).role).toBe('admin');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page
      .getByRole('definition')
      .filter({ hasText: /^member$/u })
      .waitFor();
    expect((await get()).role).toBe('member');
    expect(complaints).toEqual([]);
  });

  test('are disabled at once, enabled again, and helped with a forgotten password', async () => {
    const id = await addPerson(app, 'quin@example.org');
    const theirs = await openWindow(browser, app);
    await signInAs(theirs.page, 'quin@example.org', '/account');
    const { page, complaints } = await openAt(`/operations/people/${id}`);
    await page.getByText('Sessions and API keys stop at once. No job is open.').waitFor();
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByText('quin@example.org is disabled.').waitFor();
    await theirs.page.getByRole('link', { name: 'Credits' }).click();
    await theirs.page.waitForURL(/\/sign-in/u);
    await page.getByRole('button', { name: 'Enable again' }).first().click();
    await page.getByRole('definition').filter({ hasText: 'may sign in' }).waitFor();

    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByLabel('Link for quin@example.org').inputValue();
    await theirs.page.goto(new URL(link).pathname);
    await theirs.page.getByLabel('New password, at least 8 characters').fill('remembered now');
    await theirs.page.getByRole('button', { name: 'Set the password' }).click();
    await theirs.page.getByRole('heading', { name: 'No books yet' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('are deleted when their address is typed, and not before', async () => {
    const id = await addPerson(app, 'rosa@example.org', { credits: 40 });
    const { page, complaints } = await openAt(`/operations/people/${id}`);
    await page.getByText('40 credits. Entries of the statement stay').waitFor();
    await page.getByRole('button', { name: 'Delete this account…' }).click();
    const remove = page.getByRole('button', { name: 'Delete it all' });
    await page.getByLabel('Type rosa@example.org to confirm').fill('rosa@example');
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel('Type rosa@example.org to confirm').fill('rosa@example.org');
    await remove.click();
    await page.waitForURL(/\/operations\/people$/u);
    await page.getByText('rosa@example.org is deleted').waitFor();
    await page.getByRole('link', { name: 'rosa@example.org' }).waitFor({ state: 'detached' });
    const signedIn = createClient({ baseUrl: app.url }).call(routes.auth.login, {
      body: { email: 'rosa@example.org', password: PASSWORD },
    });
    await expect(signedIn).rejects.toMatchObject({ status: 401 });
    expect(complaints).toEqual([]);
  });

  test('include the owner, whom nobody can change', async () => {
    const { page } = await openAt('/operations/people/1');
    await page.getByText('This is the owner.').waitFor();
    expect(await page.getByRole('button', { name: 'Disable' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Delete this account…' }).count()).toBe(0);
  });
});

test('an invitation is shown once, lets one person in, and is revoked unless somebody takes it back', async () => {
  const { page, complaints } = await openAt('/operations/invitations');
  await page.getByLabel('Only for this e-mail').fill('sam@example.org');
  await page.getByLabel('Role').selectOption('premium');
  await page.getByLabel('Credits to begin with').fill('75');
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  const link = await page.getByLabel('The link').inputValue();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  expect(await page.content()).not.toContain(new URL(link).pathname);
  const line = item(page, 'sam@example.org');
  await line.getByText('premium with 75 credits').waitFor();

  const revoke = line.getByRole('button', { name: /^Revoke the invitation \d+$/u });
  await revoke.click();
  await line.getByText('useless in a few seconds').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await revoke.waitFor();

  const theirs = await openWindow(browser, app);
  await theirs.page.goto(new URL(link).pathname);
  await theirs.page.getByLabel('E-mail').fill('sam@example.org');
  await theirs.page.getByLabel('Password, at least 8 characters').fill(PASSWORD);
  await theirs.page.getByRole('button', { name: 'Open the account' }).click();
  await theirs.page.getByRole('heading', { name: 'No books yet' }).waitFor();
  await page.reload();
  await line.getByText(/^used /u).waitFor();

  await page.getByRole('button', { name: 'Make the invitation' }).click();
  const second = await page.getByLabel('The link').inputValue();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await item(page, 'whoever has the link').getByRole('button').click();
  await page.getByText('revoked', { exact: true }).waitFor();
  await theirs.context.clearCookies();
  await theirs.page.goto(new URL(second).pathname);
  await theirs.page.getByLabel('E-mail').fill('tim@example.org');
  await theirs.page.getByLabel('Password, at least 8 characters').fill(PASSWORD);
  await theirs.page.getByRole('button', { name: 'Open the account' }).click();
  await theirs.page.getByText('This invitation was used, revoked, or is too old.').waitFor();
  expect(complaints).toEqual([]);
});

test.each([
  ['fr', 'Exploitation', 'Personnes'],
  ['ru', 'Управление', 'Люди'],
  ['uk', 'Керування', 'Люди'],
] as const)('operations speak %s', async (language, title, people) => {
  const { page, complaints } = await openWindow(browser, app, { language });
  await signIn(page, '/operations');
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await page.getByRole('link', { name: people }).click();
  await page.waitForURL(/\/operations\/people$/u);
  expect(complaints).toEqual([]);
});
