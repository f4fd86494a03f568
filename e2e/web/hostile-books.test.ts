import { routes, type Chapter } from '@scriptorium/contract';
import DOMPurify from 'dompurify';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileOf } from '../../apps/server/src/features/books/tiny-epub.ts';
import { startApp, type TestApp } from './app.ts';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { ATTACKS, EVIL, hostileEpub, hostileFb2, hostileText } from './hostile-pages.ts';

let app: TestApp;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

const books = {
  'an EPUB': async () => fileOf(await hostileEpub(), 'hostile.epub'),
  'a FictionBook': async () => fileOf(hostileFb2(), 'hostile.fb2'),
  'a text file': async () => fileOf(hostileText(), 'hostile.txt'),
};

async function handIn(file: File): Promise<Chapter[]> {
  const { book } = await app.client.call(routes.books.upload, { form: { file } });
  return await Promise.all(
    book.chapters.map(({ number }) =>
      app.client.call(routes.books.chapter, { params: { id: book.id, n: number } }),
    ),
  );
}

/** What the oracle would take out of a piece of HTML. */
function removedFrom(html: string): string[] {
  const { window } = new JSDOM('');
  const purify = DOMPurify(window);
  // The addresses of pictures and links that a chapter may have are its defaults; `target` is what we add to links that lead out.
  // Stricter than its defaults, which let styles and sets of pictures stay: a chapter has neither.
  // Behind a paragraph, so that the parser does not put a script at the beginning into a head that nobody looks at.
  purify.sanitize(`<p>.</p>${html}`, {
    ADD_ATTR: ['target'],
    FORBID_TAGS: ['style'],
    FORBID_ATTR: ['style', 'srcset'],
  });
  return purify.removed.map((removed) =>
    'element' in removed
      ? removed.element.nodeName
      : `${removed.from.nodeName} ${removed.attribute?.name ?? ''}`,
  );
}

test('the oracle takes something out of every attack as it stands in the books', () => {
  const harmless = Object.entries(ATTACKS).filter(([, html]) => removedFrom(html).length === 0);
  // A picture from elsewhere is no matter of script; what becomes of it, the browser shows below.
  expect(harmless.map(([name]) => name)).toEqual(['remote picture']);
});

describe.each(Object.entries(books))('%s that attacks', (_kind, makeFile) => {
  test('is served as HTML in which the oracle finds nothing to remove', async () => {
    const chapters = await handIn(await makeFile());
    expect(chapters.map(({ text }) => text).join(' ')).toContain('It was a quiet evening');
    const pieces = chapters.flatMap(({ html, notes }) => [html, ...notes.map((note) => note.html)]);
    expect(pieces.flatMap(removedFrom)).toEqual([]);
    const markup = pieces.join('').replaceAll(/>[^<]*</gu, '><');
    expect(markup).not.toMatch(/<(script|style|iframe|object|embed|form|meta|link|base|svg)\b/iu);
    expect(markup).not.toMatch(/\son\w+=|javascript:|\sstyle=|srcset/iu);
  });

  test('runs nothing and asks for nothing outside, while every page of it is read', async () => {
    const chapters = await handIn(await makeFile());
    const { page, context, complaints } = await openWindow(browser, app);
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    await page.addInitScript('window.wasRun = []; window.alert = (what) => wasRun.push(what);');
    await signIn(page);
    for (const { book_id: id, number } of chapters) {
      await page.goto(`/books/${id}/chapters/${number}`);
      await page.getByRole('article').waitFor();
      for (const link of await page.locator('article a').all()) await link.hover();
      const open = page.locator('article a[data-note]');
      if ((await open.count()) > 0) {
        await open.first().click();
        await page.getByRole('dialog').waitFor();
      }
      expect(await page.evaluate('wasRun')).toEqual([]);
    }
    const outside = asked.filter((url) => new URL(url).origin !== app.url);
    expect(outside.filter((url) => !/^(data|blob):/u.test(url))).toEqual([]);
    expect(asked.filter((url) => url.includes(EVIL))).toEqual([]);
    expect(context.pages()).toHaveLength(1);
    // Nothing even had to be refused by the page's policy.
    expect(complaints).toEqual([]);
    await context.close();
  });
});

/** What the browser does with a link out and with a refresh, no policy can forbid: these have to be kept out of the text. */
const NOT_FOR_A_POLICY = new Set(['meta refresh', 'named like the page']);

test('what would slip through is stopped by the policy of the page', async () => {
  const { page, context, complaints } = await openWindow(browser, app);
  const fetched: string[] = [];
  context.on('requestfinished', (request) => fetched.push(request.url()));
  await page.addInitScript('window.wasRun = []; window.alert = (what) => wasRun.push(what);');
  await signIn(page);
  await page.getByRole('main').waitFor();
  const attacks = Object.entries(ATTACKS)
    .filter(([name]) => !NOT_FOR_A_POLICY.has(name))
    .map(([, html]) => html);
  await page.evaluate((pieces) => {
    const place = document.createElement('div');
    document.body.append(place);
    place.innerHTML = pieces.join('');
    for (const element of place.querySelectorAll('button, a, p')) {
      if (element instanceof HTMLElement) element.click();
    }
  }, attacks);
  // Each of script, style, picture, frame, form and handler is refused aloud.
  const refused = ['script', 'style', 'img', 'frame', 'form-action', 'object', 'media'];
  await expect
    .poll(() => refused.filter((what) => !complaints.some((said) => said.includes(what))))
    .toEqual([]);
  expect(await page.evaluate('wasRun')).toEqual([]);
  expect(fetched.filter((url) => url.includes(EVIL))).toEqual([]);
  await context.close();
});
