/**
 * Scrolling through the result of a novel of some 20,000 sentences, in a browser, on a whole installation: `node bench/web-rows.ts`.
 * A frame is counted from one `requestAnimationFrame` to the next, in Chromium without a graphics card, while the page is scrolled by so
 * many pixels each frame. `still` is the same page at rest: what the machine allows at the moment.
 */
import chromium from '@sparticuz/chromium';
import { createClient, routes, type Client } from '@scriptorium/contract';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import {
  addressOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
} from '../apps/server/src/testing-installation.ts';
import { ensureWebApp } from '../apps/web/build.ts';
import { writePdf } from '../packages/documents/src/testing/write-pdf.ts';
import { median, report, type Figure } from './report.ts';

const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
const PAGES = 590;
const LINES = 35;
const SECONDS = 8;
/** A display of 60 hertz. */
const FRAME_MS = 1000 / 60;
/** Pixels a frame: reading on, a turned wheel, and a dragged scrollbar. */
const SPEEDS = [
  { name: 'slowly', pixels: 8 },
  { name: 'by the wheel', pixels: 60 },
  { name: 'dragged', pixels: 1500 },
] as const;

const WORDS =
  'river lantern quiet market window garden letter morning station winter bridge candle mirror orchard harbour silver kitchen stranger shadow'.split(
    ' ',
  );

/** A line is a sentence, every third of them too long for the limit. */
function textOf(page: number): string {
  const lines = Array.from({ length: LINES }, (_, line) => {
    const length = line % 3 === 0 ? 14 : 5;
    const words = Array.from(
      { length },
      (_, word) => WORDS[(page * 31 + line * 17 + word * word * 7 + word) % WORDS.length],
    );
    return `The ${words.join(' ')} ${page * LINES + line + 1}.`;
  });
  const shown = lines.map((line, index) => `${index === 0 ? '10 290' : '0 -8'} Td (${line}) Tj`);
  return `/F1 3 Tf ${shown.join(' ')}`;
}

/** Hands the novel in and has it shortened by rules; gives the address of the result. */
async function makeResult(client: Client): Promise<{ path: string; sentences: number }> {
  const pages = Array.from({ length: PAGES }, (_, page) => ({ text: textOf(page) }));
  const file = new File([Uint8Array.from(writePdf({ pages }))], 'long.pdf');
  const { novel } = await client.call(routes.novels.upload, { form: { file } });
  const { job_id: jobId } = await client.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: 8, gemini_model: 'offline' },
  });
  for await (const event of client.events(jobId)) void event;
  return { path: `/novels/${novel.id}/jobs/${jobId}`, sentences: novel.sentences };
}

async function openResult(browser: Browser, baseURL: string, path: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 } });
  await context.request.post(routes.auth.login.path, { data: { ...OWNER, cookie: true } });
  const page = await context.newPage();
  await page.goto(path);
  await page.locator('[data-index][data-label]').first().waitFor();
  return page;
}

interface Scrolled {
  /** Milliseconds of every frame. */
  readonly frames: readonly number[];
  /** Frames in which the row in the middle of the window had not arrived yet. */
  readonly unready: number;
}

/** Scrolls a page that is open by so many pixels a frame. */
function scroll(page: Page, pixels: number): Promise<Scrolled> {
  return page.evaluate(
    ([step, seconds]) =>
      new Promise((resolve) => {
        const frames: number[] = [];
        let unready = 0;
        let last = performance.now();
        const end = last + seconds * 1000;
        const next = (now: number) => {
          frames.push(now - last);
          last = now;
          const row = document.elementFromPoint(400, 500)?.closest('[data-index]');
          if (step > 0 && row !== undefined && row?.getAttribute('data-label') === null) {
            unready += 1;
          }
          if (now >= end) return resolve({ frames: frames.slice(1), unready });
          scrollBy(0, step);
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    [pixels, SECONDS] as const,
  );
}

/** Processor time of the page's main thread, in milliseconds: other programs of the machine do not count. */
async function workOf(page: Page, body: () => Promise<Scrolled>) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) =>
      (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000;
    return {
      all: of('TaskDuration'),
      script: of('ScriptDuration'),
      layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    };
  };
  const before = await read();
  const scrolled = await body();
  const after = await read();
  await session.detach();
  const each = (name: keyof typeof before) => (after[name] - before[name]) / scrolled.frames.length;
  return { ...scrolled, all: each('all'), script: each('script'), layout: each('layout') };
}

type Measured = Awaited<ReturnType<typeof workOf>>;

const isLate = (ms: number) => ms > FRAME_MS * 1.5;

function figuresOf(name: string, measured: Measured, still: Measured): Figure[] {
  const { frames, all, script, layout } = measured;
  const late = frames.filter(isLate).length / frames.length;
  const atRest = still.frames.filter(isLate).length / still.frames.length;
  return [
    {
      what: `work a frame, ${name}`,
      measured: `${all.toFixed(1)} ms (script ${script.toFixed(1)}, layout ${layout.toFixed(1)})`,
      target: `${FRAME_MS.toFixed(1)} ms of the main thread`,
      isMet: all <= FRAME_MS,
      runs: [all, script, layout],
    },
    {
      what: `frames, ${name}`,
      measured: `${(1000 / median(frames)).toFixed(0)} a second, ${(late * 100).toFixed(0)} % late`,
      target: `60 a second; at rest ${(1000 / median(still.frames)).toFixed(0)}, ${(atRest * 100).toFixed(0)} % late`,
      isMet: Math.round(1000 / median(frames)) >= 60,
      runs: frames.map((ms) => Math.round(ms * 10) / 10),
    },
  ];
}

await ensureWebApp();
const folder = await temporaryFolder();
const installation = startInstallation(folder, {
  OWNER_EMAIL: OWNER.email,
  OWNER_PASSWORD: OWNER.password,
  LOG_LEVEL: 'warn',
});
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
});
try {
  const baseUrl = await addressOf(installation);
  const { access_token: token = '' } = await createClient({ baseUrl }).call(routes.auth.login, {
    body: OWNER,
  });
  const { path, sentences } = await makeResult(createClient({ baseUrl, token }));
  console.log(`A result of ${sentences} sentences.`);
  const page = await openResult(browser, baseUrl, path);
  const still = await workOf(page, () => scroll(page, 0));
  const figures: Figure[] = [];
  for (const { name, pixels } of SPEEDS) {
    await page.evaluate('scrollTo(0, 0)');
    const measured = await workOf(page, () => scroll(page, pixels));
    figures.push(...figuresOf(name, measured, still));
    const { unready, frames } = measured;
    console.log(`Scrolled ${name}: rows not there yet in ${unready} of ${frames.length} frames.`);
  }
  await report('web-rows', figures);
} finally {
  await browser.close();
  await installation.end();
  await removeFolder(folder);
}
