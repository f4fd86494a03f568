import { createClient, routes, type Route } from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWNER, startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { addPerson, invite, PASSWORD, signInAs } from './people.ts';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  // Named, so that it costs something; nobody works here, so it is never asked.
  const environment = {
    MODEL: 'openai-compatible/tiny',
    OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:9',
  };
  [app, browser] = await Promise.all([startApp({ hasWorker: false, environment }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

/** What the server answers to a program with this key. */
async function statusWith(key: string, route: Route = routes.credits.balance): Promise<number> {
  const { method, path } = route;
  const headers = { authorization: `Bearer ${key}` };
  return (await fetch(new URL(path, app.url), { method, headers })).status;
}

describe('one-time links', () => {
  test('whoever is invited opens an account with its credits; the link works once', async () => {
    const { page, context, complaints } = await openWindow(browser, app);
    const link = await invite(app, { credits: 250 });
    await page.goto(link);
    await page.getByRole('heading', { name: 'Open your account' }).waitFor();
    await page.getByLabel('E-mail').fill('bea@example.org');
    await page.getByLabel('Password, at least 8 characters').fill(PASSWORD);
    await page.getByRole('button', { name: 'Open the account' }).click();
    await page.getByRole('heading', { name: 'No books yet' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');

    await page.goto('/account/credits');
    const granted = page.getByRole('row').filter({ hasText: 'Granted' });
    await granted.waitFor();
    expect(await granted.innerText()).toMatch(/\+250\s+250/u);
    expect(complaints).toEqual([]);

    await context.clearCookies();
    await page.goto(link);
    await page.getByLabel('E-mail').fill('eve@example.org');
    await page.getByLabel('Password, at least 8 characters').fill(PASSWORD);
    await page.getByRole('button', { name: 'Open the account' }).click();
    await page.getByText('This invitation was used, revoked, or is too old.').waitFor();
  });

  test('without an invitation the page says who to ask', async () => {
    const { page } = await openWindow(browser, app);
    await page.goto('/register');
    await page.getByLabel('E-mail').fill('eve@example.org');
    await page.getByLabel('Password, at least 8 characters').fill(PASSWORD);
    await page.getByRole('button', { name: 'Open the account' }).click();
    await page.getByText('Accounts are opened here by invitation alone.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/register');
  });

  test('a forgotten password is replaced through its link, once', async () => {
    const id = await addPerson(app, 'cleo@example.org');
    const { url } = await app.client.call(routes.people.passwordLink, { params: { id } });
    const { page, context, complaints } = await openWindow(browser, app);
    const choose = async () => {
      await page.goto(new URL(url).pathname);
      await page.getByLabel('New password, at least 8 characters').fill('quite another one');
      await page.getByRole('button', { name: 'Set the password' }).click();
    };
    await choose();
    await page.getByRole('heading', { name: 'No books yet' }).waitFor();
    await context.clearCookies();
    await choose();
    await page.getByText('This link was used, is older than a day').waitFor();
    await signInAs(page, 'cleo@example.org', '/account', 'quite another one');
    await page.getByText('cleo@example.org', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});

test('credits are a statement: words, the way to the job, running balances, and older ones on scrolling', async () => {
  const { page, complaints } = await openWindow(browser, app);
  const { user } = await app.client.call(routes.auth.me, {});
  for (let day = 1; day <= 60; day += 1) {
    await app.client.call(routes.people.grant, {
      params: { id: user.id },
      body: { credits: 10, note: `day ${day}` },
    });
  }
  const { job_id: jobId } = await app.client.call(routes.credits.reserve, {
    body: { estimated_tokens: 30_000, gemini_model: 'balanced' },
  });
  await signIn(page, '/account/credits');
  const rows = page.getByRole('row');
  const held = rows.filter({ hasText: `Set aside for job ${jobId}` });
  await held.waitFor();
  expect(await held.getByRole('link').getAttribute('href')).toBe(`/jobs/${jobId}`);
  const { available, held: aside } = await app.client.call(routes.credits.balance, {});
  expect(available + aside).toBe(600);
  expect(aside).toBeGreaterThan(0);
  const cells = await held.getByRole('cell').allInnerTexts();
  expect(cells.slice(1)).toEqual([`-${aside}`, String(available), String(aside)]);
  await rows.filter({ hasText: 'day 60' }).waitFor();

  await page.getByText('day 15', { exact: true }).scrollIntoViewIfNeeded();
  await page.getByText('That is all of them: 61.').waitFor();
  await page.getByText('day 1', { exact: true }).waitFor();
  expect(complaints).toEqual([]);
});

test('a key is shown once, does what it may, and is revoked unless somebody takes it back', async () => {
  const { page, context, complaints } = await openWindow(browser, app);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, '/account/keys');
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  await page.getByLabel('What it is for').fill('backup');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const field = page.getByLabel('The key', { exact: true });
  await field.waitFor();
  const key = await field.inputValue();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText('Copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  expect(await statusWith(key)).toBe(200);
  expect(await statusWith(key, routes.credits.reserve)).toBe(403);

  await page.getByRole('button', { name: 'I have copied it' }).click();
  await field.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(key);
  await page.reload();

  const revoke = page.getByRole('button', { name: 'Revoke “backup”' });
  await revoke.click();
  await page.getByText('stops working in a few seconds', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await revoke.waitFor();
  expect(await statusWith(key)).toBe(200);
  await revoke.click();
  await page.getByText('revoked', { exact: true }).waitFor();
  expect(await statusWith(key)).toBe(401);
  expect(complaints).toEqual([]);
});

test('settings hold: language and paper in this browser, history on the server', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page, '/account');
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  expect(await page.locator('html').getAttribute('data-paper')).toBe('dark');
  const days = page.getByLabel('Days to keep ended jobs');
  await days.fill('30');
  await page.getByText('Not saved yet.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Kept for 30 days.').waitFor();
  await page.reload();
  await page.getByText('Kept for 30 days.').waitFor();
  expect(await page.locator('html').getAttribute('data-paper')).toBe('dark');
  await page.getByText(/used\. No limit is set for you\.|of .+B/u).waitFor();
  await page.getByLabel('Language', { exact: true }).last().selectOption('fr');
  await page.getByRole('heading', { name: 'Compte', level: 1 }).waitFor();
  await page.getByText('Conservées 30 jours.').waitFor();
  expect(complaints).toEqual([]);
});

test('the digits lead through the account, and ? lists them', async () => {
  const { page, complaints } = await openWindow(browser, app);
  await signIn(page, '/account');
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await page.keyboard.press('2');
  await page.waitForURL(/\/account\/credits$/u);
  await page.keyboard.press('4');
  await page.waitForURL(/\/account\/security$/u);
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Account: API keys').waitFor();
  expect(complaints).toEqual([]);
});

describe('signing in', () => {
  test('a new password ends the other sessions, and all of them can be ended', async () => {
    await addPerson(app, 'dora@example.org');
    const [here, there] = await Promise.all([openWindow(browser, app), openWindow(browser, app)]);
    await signInAs(there.page, 'dora@example.org', '/account/security');
    await signInAs(here.page, 'dora@example.org', '/account/security');
    const { page } = here;
    await page.getByText('this browser').waitFor();
    await page
      .getByRole('button', { name: /^End session/u })
      .first()
      .waitFor();

    await page.getByLabel('Current password').fill('not this one');
    await page.getByLabel('New password, at least 8 characters').fill('the next password');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('This is not your current password.').waitFor();
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is changed.').waitFor();
    await page.getByRole('button', { name: /^End session/u }).waitFor({ state: 'detached' });

    await there.page.getByRole('link', { name: 'Credits' }).click();
    await there.page.waitForURL(/\/sign-in/u);

    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.waitForURL(/\/sign-in/u);
    await page.goto('/account');
    await page.waitForURL(/\/sign-in/u);
    const answer = await page.context().request.get(routes.self.sessions.path);
    expect(answer.status()).toBe(401);
  });

  test('one session is ended from another', async () => {
    await addPerson(app, 'fay@example.org');
    const [here, there] = await Promise.all([openWindow(browser, app), openWindow(browser, app)]);
    await signInAs(there.page, 'fay@example.org', '/account');
    await here.page.goto('/sign-in');
    await signInAs(here.page, 'fay@example.org', '/account/security');
    // The one with which the account was opened, and the other window's.
    const ends = here.page.getByRole('button', { name: /^End session/u });
    await ends.nth(1).waitFor();
    await ends.first().click();
    await ends.nth(1).waitFor({ state: 'detached' });
    await ends.first().click();
    await ends.first().waitFor({ state: 'detached' });
    await there.page.getByRole('link', { name: 'API keys' }).click();
    await there.page.waitForURL(/\/sign-in/u);
    await here.page.getByText('this browser').waitFor();
    expect(await ends.count()).toBe(0);
  });
});

describe('the end of an account', () => {
  test('needs the password, and then nobody can sign in with it', async () => {
    await addPerson(app, 'gil@example.org');
    const { page } = await openWindow(browser, app);
    await signInAs(page, 'gil@example.org', '/account/security');
    await page.getByRole('button', { name: 'Delete my account…' }).click();
    const password = page.getByLabel('Your password, to be sure that it is you');
    await password.fill('not this one');
    await page.getByRole('button', { name: 'Delete it all' }).click();
    await page.getByText('This is not your current password.').waitFor();
    await password.fill(PASSWORD);
    await page.getByRole('button', { name: 'Delete it all' }).click();
    await page.waitForURL(/\/sign-in/u);
    await page.getByText('Your account is deleted').waitFor();
    const signedIn = createClient({ baseUrl: app.url }).call(routes.auth.login, {
      body: { email: 'gil@example.org', password: PASSWORD },
    });
    await expect(signedIn).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
  });

  test('is not offered to the owner', async () => {
    const { page } = await openWindow(browser, app);
    await signIn(page, '/account/security');
    await page.getByText('You are the owner of this installation.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete my account…' }).count()).toBe(0);
    expect(await page.getByText(OWNER.email, { exact: true }).count()).toBe(1);
  });
});

test.each([
  ['fr', 'Compte', 'Clés d’API', 'Se déconnecter partout'],
  ['ru', 'Учётная запись', 'Ключи API', 'Выйти везде'],
  ['uk', 'Обліковий запис', 'Ключі API', 'Вийти всюди'],
] as const)('the account speaks %s', async (language, title, keys, everywhere) => {
  const { page, complaints } = await openWindow(browser, app, { language });
  await signIn(page, '/account/security');
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await page.getByRole('button', { name: everywhere }).waitFor();
  await page.getByRole('link', { name: keys }).click();
  await page.waitForURL(/\/account\/keys$/u);
  expect(complaints).toEqual([]);
});
