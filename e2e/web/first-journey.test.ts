import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWNER, sampleBook, startApp, type TestApp } from './app.ts';
import { expectAccessible, openBrowser, openWindow, takeScreenshots } from './browser.ts';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ hasOwner: false }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

/** The buttons and sentences of the first journey, as each language has them. */
const WORDS = {
  en: {
    add: 'Add books',
    added: 'Added',
    signIn: 'Sign in',
    signOut: 'Sign out',
    account: /Account of/u,
  },
  fr: {
    add: 'Ajouter des livres',
    added: 'Ajouté',
    signIn: 'Se connecter',
    signOut: 'Se déconnecter',
    account: /Compte de/u,
  },
  ru: {
    add: 'Добавить книги',
    added: 'Добавлена',
    signIn: 'Войти',
    signOut: 'Выйти',
    account: /Учётная запись/u,
  },
  uk: {
    add: 'Додати книги',
    added: 'Додано',
    signIn: 'Увійти',
    signOut: 'Вийти',
    account: /Обліковий запис/u,
  },
} as const;

test('somebody opens the one-time link, becomes the owner, adds a book and opens a chapter', async () => {
  const { page, complaints } = await openWindow(browser, app);
  const link = new URL(app.claimLink ?? '');
  await page.goto(link.pathname);
  const ready = () => page.getByRole('button', { name: 'Become the owner' }).waitFor();
  await ready();
  await takeScreenshots(page, 'claim', ready);
  await expectAccessible(page, ready);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel(/^Password/u).fill(OWNER.password);
  await page.getByRole('button', { name: 'Become the owner' }).click();

  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: WORDS.en.add }).click(),
  ]);
  await chooser.setFiles(sampleBook('the-fire-copy.en.epub'));
  await page.getByText(WORDS.en.added, { exact: true }).waitFor();
  await page.locator('article').getByRole('link', { name: 'The Fire Copy' }).click();
  await page.getByRole('link', { name: 'Chapter One. North Light' }).click();
  await page.waitForURL(/\/books\/\d+\/chapters\/8$/u);
  expect(complaints).toEqual([]);
});

test('the link works once', async () => {
  const { page } = await openWindow(browser, app);
  await page.goto(new URL(app.claimLink ?? '').pathname);
  await page.getByLabel('E-mail').fill('eve@example.org');
  await page.getByLabel(/^Password/u).fill('another sentence');
  await page.getByRole('button', { name: 'Become the owner' }).click();
  await page.getByRole('alert').getByText('This link was used').waitFor();
  expect(new URL(page.url()).pathname).toBe(new URL(app.claimLink ?? '').pathname);
});

test.each(['en', 'fr', 'ru', 'uk'] as const)(
  'in %s, one signs in, is where one wanted to be, and signs out',
  async (language) => {
    const words = WORDS[language];
    const { page, complaints } = await openWindow(browser, app, { language });
    await page.goto('/?sort=title');
    await page.waitForURL(/\/sign-in/u);
    const ready = () => page.getByRole('button', { name: words.signIn }).waitFor();
    await ready();
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    if (language === 'en') await takeScreenshots(page, 'sign-in', ready);
    await expectAccessible(page, ready);
    await page.locator('input[name=email]').fill(OWNER.email);
    await page.locator('input[name=password]').fill(OWNER.password);
    await page.getByRole('button', { name: words.signIn }).click();
    await page.getByRole('button', { name: words.add }).waitFor();
    expect(new URL(page.url()).search).toBe('?sort=title');
    await page.getByRole('button', { name: words.account }).click();
    await page.getByRole('menuitem', { name: words.signOut }).click();
    await page.waitForURL(/\/sign-in/u);
    expect(complaints).toEqual([]);
  },
);
