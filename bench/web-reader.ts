/**
 * How long a reader waits for the next chapter, from the key to the picture on the screen: `node bench/web-reader.ts`. A whole
 * installation, its web app, and a browser that turns through a book of long chapters, each of which has been fetched ahead.
 */
import chromium from '@sparticuz/chromium';
import { createClient, routes } from '@scriptorium/contract';
import { chromium as playwright, type Page } from 'playwright-core';
import { fileOf, scene, tinyEpub } from '../apps/server/src/features/books/tiny-epub.ts';
import {
  addressOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
} from '../apps/server/src/testing-installation.ts';
import { ensureWebApp } from '../apps/web/build.ts';
import { median, percentile, report } from './report.ts';

const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
const CHAPTERS = 25;
/** Scenes of some 70 words; together the 4,000 words of a long chapter. */
const SCENES = 57;
const TARGET_MS = 100;

/** Presses the key for the next chapter and waits until a frame with it has been painted. Milliseconds. */
const TURN = `new Promise((resolve) => {
  const shown = () => document.querySelector('article')?.getAttribute('aria-label');
  const before = shown();
  const began = performance.now();
  const look = () => {
    if (shown() === before || shown() === undefined) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  };
  dispatchEvent(new KeyboardEvent('keydown', { key: ']' }));
  look();
})`;

/** From the turn to the DOM, by the marks that the reader itself leaves. Milliseconds. */
const DRAWN = `(() => {
  const [turn] = performance.getEntriesByName('reader.turn').slice(-1);
  const [drawn] = performance.getEntriesByName('reader.chapter-drawn').slice(-1);
  return drawn.startTime - turn.startTime;
})()`;

async function handInBook(baseUrl: string): Promise<number> {
  const anybody = createClient({ baseUrl });
  const { access_token: token } = await anybody.call(routes.auth.login, { body: OWNER });
  if (token === undefined) throw new Error('The server has answered without a token.');
  const client = createClient({ baseUrl, token });
  const pages = Object.fromEntries(
    Array.from({ length: CHAPTERS }, (_, chapter) => [
      `Chapter ${chapter + 1}`,
      Array.from({ length: SCENES }, (_, i) => scene(`${chapter}.${i}`)).join(''),
    ]),
  );
  const file = fileOf(await tinyEpub({ title: 'Long', pages }), 'long.epub');
  const { book, job } = await client.call(routes.books.upload, { form: { file } });
  if (job !== null) for await (const event of client.events(job.id)) void event;
  return book.id;
}

async function measure(page: Page): Promise<{ painted: number[]; drawn: number[] }> {
  const [painted, drawn]: [number[], number[]] = [[], []];
  for (let chapter = 2; chapter < CHAPTERS; chapter += 1) {
    // Turning to a chapter fetches the one behind it.
    const fetched = page.waitForResponse((answer) =>
      answer.url().endsWith(`/chapters/${chapter + 1}`),
    );
    painted.push(await page.evaluate<number>(TURN));
    drawn.push(await page.evaluate<number>(DRAWN));
    await fetched;
    await page.waitForLoadState('networkidle');
  }
  return { painted, drawn };
}

await ensureWebApp();
const folder = await temporaryFolder();
const installation = startInstallation(folder, {
  OWNER_EMAIL: OWNER.email,
  OWNER_PASSWORD: OWNER.password,
  LOG_LEVEL: 'warn',
});
try {
  const baseURL = await addressOf(installation);
  const bookId = await handInBook(baseURL);
  await using browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage({ baseURL, viewport: { width: 1280, height: 800 } });
  const login = await page.request.post(routes.auth.login.path, {
    data: { ...OWNER, cookie: true },
  });
  if (!login.ok()) throw new Error(`The sign-in was answered with ${login.status()}.`);
  await page.goto(`/books/${bookId}/chapters/1`);
  await page.locator('article p').first().waitFor();
  await page.waitForLoadState('networkidle');
  const { painted, drawn } = await measure(page);
  const figure = (what: string, runs: readonly number[], value: number) => ({
    what,
    measured: `${value.toFixed(0)} ms`,
    target: `< ${TARGET_MS} ms`,
    isMet: value < TARGET_MS,
    runs,
  });
  await report('web-reader', [
    figure('next chapter in the page, median', drawn, median(drawn)),
    figure('next chapter painted, median', painted, median(painted)),
    figure('next chapter painted, p95', painted, percentile(painted, 95)),
  ]);
} finally {
  await installation.end();
  await removeFolder(folder);
}
