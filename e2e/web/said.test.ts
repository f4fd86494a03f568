import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storyBook } from '../../apps/server/src/features/books/testing.ts';
import { writePdf } from '../../packages/documents/src/testing/write-pdf.ts';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { novelPdf } from './novel-pdf.ts';

let app: TestApp;
let bookId: number;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ hasWorker: false }), openBrowser()]);
  const file = await storyBook('The imprint', 1);
  bookId = (await app.client.call(routes.books.upload, { form: { file } })).book.id;
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

const scan = { text: '', drawing: '0 0 200 300 re f' };

test.each([
  [
    'fr',
    'Non lue pour les descriptions : son titre est « Copyright »',
    'Le PDF ne contient pas de texte',
    'Pages en tout : 3, sans texte : 1–3.',
    'Ce n’est pas un PDF',
    'Ce PDF est chiffré',
  ],
  [
    'ru',
    'Не читается в поисках описаний: её заголовок — «Copyright»',
    'В PDF нет текста',
    'Всего страниц: 3, без текста: 1–3.',
    'Это не PDF',
    'Этот PDF зашифрован',
  ],
] as const)(
  'reasons and refusals of the server are told in %s',
  async (language, reason, title, detail, noPdf, locked) => {
    const { page, complaints } = await openWindow(browser, app, { language });
    await signIn(page, `/books/${bookId}`);
    await page.getByText(reason, { exact: false }).waitFor();

    const handIn = async (name: string, buffer: Buffer) => {
      await page.goto('/novels');
      const field = page.locator('input[type="file"]').first();
      await field.setInputFiles({ name, mimeType: 'application/pdf', buffer });
    };
    await handIn('scan.pdf', writePdf({ pages: [scan, scan, scan] }));
    const refusal = page.getByRole('alert').filter({ hasText: title });
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain(detail);
    expect(await refusal.textContent()).toContain('document.no_text_layer');

    await handIn('diary.pdf', Buffer.from('Dear diary'));
    await page.getByRole('alert').filter({ hasText: noPdf }).waitFor();

    const encrypted = novelPdf(1, { user: 'sesame', owner: 'other' });
    await handIn('locked.pdf', Buffer.from(await encrypted.arrayBuffer()));
    await page.getByText(locked, { exact: false }).waitFor();
    // The browser itself writes a line for each refusal.
    expect(complaints.filter((line) => !line.includes('status of 4'))).toEqual([]);
  },
);
