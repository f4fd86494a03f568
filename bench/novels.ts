/**
 * Novels of 30 to 601 pages on a whole installation, with a model that takes a second a call:
 * `node bench/novels.ts [length] [resume] [again] [cancel]`. Without names, all.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import {
  createClient,
  routes,
  type Client,
  type JobEvent,
  type Novel,
  type ShortenedSentence,
} from '@scriptorium/contract';
import { boundShortening } from '@scriptorium/llm';
import { divisionOf } from '../apps/server/src/features/novels/windows.ts';
import {
  addressOf,
  pidOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
  type Program,
} from '../apps/server/src/testing-installation.ts';
import { escapeTypst, typesetPdf } from '../packages/documents/src/testing/typeset-pdf.ts';
import { shortenedBy, startModelServer, type ModelServer } from '../packages/testkit/src/index.ts';
import { readStory } from '../samples/novel.ts';
import { median, percentile, report, type Figure } from './report.ts';

const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
const CALL_MS = 1000;
const MAX_WORDS = 12;
const PAGE_WORDS = 270;
const CREDITS = 1_000_000;

interface Place {
  readonly client: Client;
  readonly model: ModelServer;
  readonly installation: Program;
}

async function withInstallation<T>(slots: number, body: (place: Place) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  const model = await startModelServer(async (request) => {
    const due = request.receivedAt + CALL_MS;
    // In the middle of the call: a model answers from another machine, and takes no processor from the worker when its answer is there.
    await delay(CALL_MS / 2);
    const answer = shortenedBy(request, MAX_WORDS);
    await delay(due - Date.now());
    return answer;
  });
  const installation = startInstallation(folder, {
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    MODEL: 'openai-compatible/tiny',
    OPENAI_COMPATIBLE_BASE_URL: model.url,
    MODEL_REQUESTS_PER_MINUTE: '1000000',
    MODEL_TOKENS_PER_MINUTE: '1000000000',
    WORKER_SLOTS: String(slots),
    LOG_LEVEL: 'warn',
  });
  try {
    const baseUrl = await addressOf(installation);
    const session = await createClient({ baseUrl }).call(routes.auth.login, { body: OWNER });
    const token = session.access_token ?? '';
    const client = createClient({ baseUrl, token });
    await client.call(routes.people.grant, {
      params: { id: session.user.id },
      body: { credits: CREDITS },
    });
    return await body({ client, model, installation });
  } finally {
    await installation.end();
    await removeFolder(folder);
    await model.close();
  }
}

/** A PDF of exactly so many pages, with the words of the sample over and over, beginning with another one if `from` says so. */
async function novelOf(pages: number, from = 0): Promise<Uint8Array> {
  const words = (await readStory())
    .filter((text) => !text.startsWith('# '))
    .join(' ')
    .split(' ');
  const page = (number: number) => {
    const start = (from + number * PAGE_WORDS) % (words.length - PAGE_WORDS);
    return escapeTypst(words.slice(start, start + PAGE_WORDS).join(' '));
  };
  const body = Array.from({ length: pages }, (_, number) => page(number)).join('\n#pagebreak()\n');
  const head = `#set page(width: 14cm, height: 22cm, margin: 1.5cm, numbering: "1")
#set text(font: "DejaVu Serif", size: 9pt, lang: "fr", hyphenate: true)
#set par(justify: true)`;
  return await typesetPdf(`${head}\n${body}`);
}

async function upload(client: Client, pdf: Uint8Array): Promise<{ novel: Novel; ms: number }> {
  const begun = performance.now();
  const file = new File([Uint8Array.from(pdf)], `novel-${pdf.length}.pdf`);
  const { novel } = await client.call(routes.novels.upload, { form: { file } });
  return { novel, ms: performance.now() - begun };
}

async function start(client: Client, novel: Novel): Promise<number> {
  const form = { novel_id: novel.id, sentence_length_limit: MAX_WORDS };
  return (await client.call(routes.novels.processAsync, { form })).job_id;
}

async function eventsOf(client: Client, jobId: number): Promise<JobEvent[]> {
  return await Array.fromAsync(client.events(jobId));
}

/** The calls of the busiest slot when parts are taken in their order by whichever slot is free. */
function callsOnLongestSlot(parts: readonly number[], slots: number): number {
  const load = Array<number>(slots).fill(0);
  for (const calls of parts) {
    const least = load.indexOf(Math.min(...load));
    load[least] = (load[least] ?? 0) + calls;
  }
  return Math.max(...load);
}

/** Calls a part in the order of the parts, of a model that makes no mistake: as the server has planned them, from the same text. */
async function callsOfParts(client: Client, jobId: number, novel: Novel): Promise<number[]> {
  const sentences: ShortenedSentence[] = [];
  for (let offset = 0; offset < novel.sentences; offset += 1000) {
    const query = { offset, limit: 1000 };
    const page = await client.call(routes.novels.sentences, { params: { id: jobId }, query });
    sentences.push(...page.sentences);
  }
  const { pages: size } = divisionOf(novel.page_count);
  const parts = Map.groupBy(sentences, ({ page }) => Math.floor((page - 1) / size));
  return [...parts.values()].map((part) => {
    const request = {
      language: novel.language ?? 'und',
      maxWords: MAX_WORDS,
      before: [],
      after: [],
      sentences: part.map(({ id, source }) => ({ id: String(id), text: source })),
    };
    return boundShortening(request).batches;
  });
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/u.exec(status)?.[1] ?? 0) * 1024;
}

const RUNS = 3;

/** What a novel took, on a worker that has worked before. */
interface Shortening {
  readonly pages: number;
  readonly calls: number;
  /** From the plan to the end. */
  readonly seconds: number;
  /** The calls of the longest slot, in seconds. */
  readonly ideal: number;
  readonly readSeconds: number;
}

async function shorten({ client, model }: Place, pdf: Uint8Array, slots: number) {
  const before = model.requests.length;
  const { novel, ms } = await upload(client, pdf);
  const jobId = await start(client, novel);
  const events = await eventsOf(client, jobId);
  const at = (type: string) => Date.parse(events.find((event) => event.type === type)?.at ?? '');
  const calls = await callsOfParts(client, jobId, novel);
  const shortening: Shortening = {
    pages: novel.page_count,
    calls: model.requests.length - before,
    seconds: (at('job.completed') - at('job.planned')) / 1000,
    ideal: (callsOnLongestSlot(calls, slots) * CALL_MS) / 1000,
    readSeconds: ms / 1000,
  };
  return shortening;
}

async function length(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [pages, slots] of [
    [30, 1],
    [100, 3],
    [300, 5],
    [601, 5],
  ] as const) {
    const novels = await Promise.all(
      Array.from({ length: RUNS }, (_, run) => novelOf(pages, 7 * run)),
    );
    const other = await novelOf(Math.min(pages, 300), 100);
    figures.push(
      ...(await withInstallation(slots, async (place) => {
        // The first calls of a process cost 0.3 s more, and the first forty 0.1 s, once: V8 compiles what runs often.
        await shorten(place, other, slots);
        const runs: Shortening[] = [];
        for (const pdf of novels) runs.push(await shorten(place, pdf, slots));
        const memory = (await residentBytes(await pidOf(place.installation, 'worker'))) / 1e6;
        return figuresOf(runs, slots, memory);
      })),
    );
  }
  return figures;
}

function figuresOf(runs: readonly Shortening[], slots: number, megabytes: number): Figure[] {
  const overs = runs.map(({ seconds, ideal }) => (seconds / ideal - 1) * 100);
  const over = median(overs);
  const seconds = runs.map((run) => run.seconds);
  const reading = runs.map(({ readSeconds }) => readSeconds);
  const [first] = runs;
  if (first === undefined) throw new RangeError('There are no figures of no runs.');
  const { pages, calls, ideal } = first;
  return [
    {
      what: `${pages} pages, ${slots} slots, ${calls} calls, median of ${runs.length} novels`,
      measured: `${median(seconds).toFixed(1)} s, ${over.toFixed(1)} % over`,
      target: `3 % over the ideal ${ideal} s`,
      isMet: over <= 3,
      runs: seconds,
    },
    {
      what: `  read at the upload: ${pages} pages`,
      measured: `${median(reading).toFixed(2)} s`,
      target: 'beside it',
      isMet: true,
      runs: reading.map((each) => each * 1000),
    },
    {
      what: `  peak memory of the worker`,
      measured: `${megabytes.toFixed(0)} MB`,
      target: '300 MB',
      isMet: megabytes <= 300,
      runs: [megabytes],
    },
  ];
}

/** A worker that is killed in the middle: what was finished is not called again. */
async function resume(): Promise<Figure[]> {
  const pdf = await novelOf(300);
  return await withInstallation(5, async ({ client, model, installation }) => {
    const { novel } = await upload(client, pdf);
    const jobId = await start(client, novel);
    let half = 0;
    let slots = 0;
    for await (const event of client.events(jobId)) {
      const { processed_chunks: done, total_chunks: total } = event.data;
      if (half === 0 && total > 0 && done * 2 >= total) {
        half = model.requests.length;
        slots = 5;
        process.kill(await pidOf(installation, 'worker'), 'SIGKILL');
      }
    }
    const needed = (await callsOfParts(client, jobId, novel)).reduce(
      (sum, calls) => sum + calls,
      0,
    );
    const again = model.requests.length - needed;
    return [
      {
        what: 'calls made again after kill -9 at 50 %',
        measured: `${again} of ${needed}`,
        target: `at most the ${slots} in flight`,
        isMet: again <= slots,
        runs: [again],
      },
    ];
  });
}

/** The same file with the same options a second time. */
async function again(): Promise<Figure[]> {
  const pdf = await novelOf(100);
  return await withInstallation(5, async ({ client, model }) => {
    const first = await start(client, (await upload(client, pdf)).novel);
    await eventsOf(client, first);
    const calls = model.requests.length;
    const begun = performance.now();
    const second = await start(client, (await upload(client, pdf)).novel);
    await eventsOf(client, second);
    const seconds = (performance.now() - begun) / 1000;
    const more = model.requests.length - calls;
    return [
      {
        what: 'the same file again: upload to result',
        measured: `${seconds.toFixed(2)} s, ${more} calls`,
        target: '0 calls, under 1 s',
        isMet: more === 0 && seconds < 1,
        runs: [seconds],
      },
    ];
  });
}

const CANCELS = 20;

/** From the request to cancel until the last call has been cut off, at the model's side. */
async function cancel(): Promise<Figure[]> {
  const pdf = await novelOf(100);
  return await withInstallation(5, async ({ client, model }) => {
    model.follow(async () => {
      await delay(60_000);
      throw new Error('Nobody cancelled.');
    });
    const { novel } = await upload(client, pdf);
    const runs: number[] = [];
    for (let run = 0; run < CANCELS; run += 1) {
      const sofar = model.requests.length;
      const form = { novel_id: novel.id, sentence_length_limit: MAX_WORDS + 1 + run };
      const { job_id: jobId } = await client.call(routes.novels.processAsync, { form });
      await model.received(sofar + 3);
      const begun = performance.now();
      await client.call(routes.jobs.cancel, { params: { id: jobId } });
      await Promise.all(model.requests.slice(sofar).map(({ closed }) => closed));
      runs.push(performance.now() - begun);
    }
    const p95 = percentile(runs, 95);
    return [
      {
        what: `cancel until the last call is cut off, p95 of ${CANCELS}`,
        measured: `${(p95 / 1000).toFixed(2)} s (median ${(median(runs) / 1000).toFixed(2)})`,
        target: '2 s',
        isMet: p95 <= 2000,
        runs,
      },
    ];
  });
}

const PARTS = { length, resume, again, cancel };
const chosen = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, run] of Object.entries(PARTS)) {
  if (chosen.length === 0 || chosen.includes(name)) figures.push(...(await run()));
}
await report(chosen.length === 0 ? 'novels' : `novels-${chosen.join('-')}`, figures);
process.exitCode = figures.every(({ isMet }) => isMet) ? 0 : 1;
