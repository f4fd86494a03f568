import { afterAll, beforeAll, expect, test } from 'vitest';
import { done, type JobEvent, type Kernel } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest, startKernel, type KernelUnderTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { isLastEvent } from './event.ts';
import { SlowReaderError } from './event-hub.ts';

/* The log is read by cursor: whoever comes with the last number it has seen misses nothing and sees nothing twice. */

const SIX = ['one', 'two', 'three', 'four', 'five', 'six'];

const stage = createStage((word) => word.startsWith('held'));
let under: KernelUnderTest;

beforeAll(async () => {
  under = await startKernel({ pipelines: [toyPipeline({ run: stage.run })] });
  await under.work(4);
});
afterAll(() => under.close());

/** What a reader gets until it is ended. One that would wait for ever gets less than it should. */
function read(kernel: Kernel, jobId: number, after: number): Promise<JobEvent[]> {
  return Array.fromAsync(kernel.follow(jobId, after, AbortSignal.timeout(10_000)));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}

/** Writes events as a process does whose wake-ups are lost. */
async function appendEvents({ pool }: KernelUnderTest, jobId: number, count: number) {
  await pool.query(
    `WITH job AS (
       UPDATE kernel.jobs SET last_seq = last_seq + $2 WHERE id = $1 RETURNING id, last_seq
     )
     INSERT INTO kernel.events (job_id, seq, type, at, data)
     SELECT id, last_seq - $2 + place, 'job.progress', now(), '{}'
       FROM job, generate_series(1, $2::bigint) AS place`,
    [jobId, count],
  );
}

test('a reader of an ended job gets the same tail from every number, and ends', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, SIX);
  const log = await watchToEnd(kernel, job.id);
  expect(log.map((event) => event.seq)).toEqual(numbers(1, log.length));
  expect(log.at(0)?.type).toBe('job.accepted');
  expect(log.at(-1)?.type).toBe('job.completed');
  for (const after of numbers(0, log.length)) {
    expect(await read(kernel, job.id, after)).toEqual(log.slice(after));
  }
  expect(kernel.readers()).toBe(0);
});

test('readers of a running job, from every number and in two processes, see the same', async () => {
  const { kernel } = under;
  const other = await under.another();
  const job = await submitWords(kernel, [...SIX, 'held-1']);
  const call = await stage.call('held-1');
  await firstEvent(kernel, job.id, (event) => event.data['processed_chunks'] === SIX.length);
  const past = await kernel.events(job.id, 0);
  const froms = numbers(0, past.length).flatMap((after) => [
    { after, reading: read(kernel, job.id, after) },
    { after, reading: read(other.kernel, job.id, after) },
  ]);
  call.end(done('HELD'));
  const log = await watchToEnd(kernel, job.id);
  expect(log.length).toBeGreaterThan(past.length);
  for (const { after, reading } of froms) expect(await reading).toEqual(log.slice(after));
  expect(kernel.readers() + other.kernel.readers()).toBe(0);
});

test('a reader that reconnects after every single event sees each exactly once', async () => {
  const { kernel } = under;
  const job = await submitWords(
    kernel,
    SIX.map((word) => `again-${word}`),
    { parallel: 1 },
  );
  const seen: JobEvent[] = [];
  for (let last = seen.at(-1); last === undefined || !isLastEvent(last); last = seen.at(-1)) {
    const reader = kernel.follow(job.id, last?.seq ?? 0, AbortSignal.timeout(10_000));
    const { value } = await reader.next();
    await reader.return(undefined);
    expect(kernel.readers()).toBe(0);
    if (value === undefined) throw new Error(`The log ended after ${seen.length} events.`);
    seen.push(value);
  }
  expect(seen).toEqual(await kernel.events(job.id, 0));
  expect(seen.map((event) => event.seq)).toEqual(numbers(1, seen.length));
});

test('a reader that comes before the job has started misses nothing, and no progress is made up', async () => {
  const idle = await kernelForTest({ pipelines: [toyPipeline()] });
  const job = await submitWords(idle.kernel, SIX);
  const reader = idle.kernel.follow(job.id, 0, AbortSignal.timeout(10_000));
  expect((await reader.next()).value).toMatchObject({
    type: 'job.accepted',
    data: { status: 'pending', progress_percent: 0 },
  });
  const rest = Array.fromAsync(reader);
  await idle.work(2);
  const log = await rest;
  expect(log.map((event) => event.seq)).toEqual(numbers(2, log.length + 1));
  expect(log.map((event) => event.type)).toEqual(
    expect.arrayContaining(['job.started', 'job.planned', 'job.merging']),
  );
  const percents = log.map((event) => Number(event.data['progress_percent']));
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(percents.indexOf(100)).toBe(log.length - 1);
  expect(log.at(-1)?.type).toBe('job.completed');
});

test('readers that join while parts are being settled lose nothing between the history and the first live event', async () => {
  const { kernel } = under;
  const readings: { jobId: number; after: number; reading: Promise<JobEvent[]> }[] = [];
  // Each job's first reader reads the log for itself, the others take what is known by then.
  const followFromEverywhere = async (place: number) => {
    const job = await submitWords(
      kernel,
      numbers(1, 10).map((word) => `joined-${place}-${word}`),
    );
    for await (const { seq } of kernel.follow(job.id, 0, AbortSignal.timeout(10_000))) {
      for (const after of [0, seq - 1, seq]) {
        readings.push({ jobId: job.id, after, reading: read(kernel, job.id, after) });
      }
    }
    return job.id;
  };
  const jobIds = await Promise.all(numbers(1, 12).map(followFromEverywhere));
  for (const jobId of jobIds) {
    const log = await kernel.events(jobId, 0);
    expect(log.map((event) => event.seq)).toEqual(numbers(1, log.length));
    for (const each of readings.filter((reading) => reading.jobId === jobId)) {
      expect(await each.reading).toEqual(log.slice(each.after));
    }
  }
});

test('a reader that names a number far ahead does not make others miss events', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, ['held-ahead', 'two']);
  const call = await stage.call('held-ahead');
  const gone = new AbortController();
  const ahead = kernel.follow(job.id, 1_000_000, gone.signal).next();
  const reading = read(kernel, job.id, 0);
  call.end(done('AHEAD'));
  const log = await reading;
  expect(log.at(-1)?.type).toBe('job.completed');
  expect(log.map((event) => event.seq)).toEqual(numbers(1, log.length));
  gone.abort();
  expect(await ahead).toEqual({ done: true, value: undefined });
});

test('a reader more than 1,000 events behind is dropped and resumes from its last number', async () => {
  const slow = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel } = slow;
  await slow.work(1);
  const job = await submitWords(kernel, ['held-slow']);
  const call = await stage.call('held-slow');
  await slow.elapse(1);
  const past = await kernel.events(job.id, 0);
  const reader = kernel.follow(job.id, past.length - 1, AbortSignal.timeout(10_000));
  const seen = [(await reader.next()).value?.seq];
  await appendEvents(slow, job.id, 1500);
  await slow.elapse(1);
  // Not kept for it: the hub has let go of it before it asked again.
  expect(kernel.readers()).toBe(0);
  const takeRest = async () => {
    for await (const event of reader) seen.push(event.seq);
  };
  await expect(takeRest()).rejects.toThrow(SlowReaderError);
  expect(seen).toEqual(numbers(past.length, past.length + 1000));

  const resumed = read(kernel, job.id, past.length + 1000);
  call.end(done('SLOW'));
  const log = await resumed;
  expect(log.map((event) => event.seq)).toEqual(
    numbers(past.length + 1001, past.length + 1000 + log.length),
  );
  expect(log.length).toBeGreaterThan(500);
  expect(log.at(-1)?.type).toBe('job.completed');
});

test('a reader of a log longer than what is kept gets it from the first event', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, ['held-long']);
  const call = await stage.call('held-long');
  await appendEvents(under, job.id, 2300);
  const watching = read(kernel, job.id, 2300);
  const whole = read(kernel, job.id, 0);
  call.end(done('LONG'));
  const log = await whole;
  expect(log.map((event) => event.seq)).toEqual(numbers(1, log.length));
  expect(log.at(-1)?.type).toBe('job.completed');
  expect(await watching).toEqual(log.slice(2300));
});

test('events whose wake-up was lost come with the poll of the same second', async () => {
  const quiet = await kernelForTest({ pipelines: [toyPipeline()], time: 'driven' });
  const job = await submitWords(quiet.kernel, ['x']);
  const reader = quiet.kernel.follow(job.id, 1, AbortSignal.timeout(10_000));
  const next = reader.next();
  await quiet.elapse(0);
  await appendEvents(quiet, job.id, 1);
  await quiet.elapse(1);
  expect((await next).value).toMatchObject({ seq: 2, type: 'job.progress' });
  await reader.return(undefined);
});

test('an aborted reader ends, whatever it was waiting for, and leaves nothing behind', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, ['held-gone']);
  const call = await stage.call('held-gone');
  const gone = new AbortController();
  const readings = numbers(1, 5).map(() => Array.fromAsync(kernel.follow(job.id, 0, gone.signal)));
  const waiting = kernel.follow(job.id, 0, gone.signal);
  await waiting.next();
  expect(kernel.readers()).toBe(6);
  gone.abort();
  await Promise.all(readings);
  expect(await waiting.next()).toEqual({ done: true, value: undefined });
  expect(kernel.readers()).toBe(0);
  call.end(done('GONE'));
  expect((await watchToEnd(kernel, job.id)).at(-1)?.type).toBe('job.completed');
});

test('a reader of a job that does not exist ends at once', async () => {
  const { kernel } = under;
  const never = new AbortController();
  expect(await Array.fromAsync(kernel.follow(987_654_321, 0, never.signal))).toEqual([]);
  expect(kernel.readers()).toBe(0);
});

test('a slow reader that comes late to a long log loses nothing of what ceases to be kept meanwhile', async () => {
  const growing = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel } = growing;
  await growing.work(1);
  const job = await submitWords(kernel, ['held-growing']);
  const call = await stage.call('held-growing');
  await appendEvents(growing, job.id, 1500);
  const quick = read(kernel, job.id, 0);
  await growing.elapse(1);
  const slow = kernel.follow(job.id, 0, AbortSignal.timeout(10_000));
  const seen: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (let taken = 0; taken < 300; taken += 1) {
      const { done: isOver, value } = await slow.next();
      if (isOver !== true) seen.push(value.seq);
    }
    await appendEvents(growing, job.id, 200);
    await growing.elapse(1);
  }
  call.end(done('GROWING'));
  for await (const event of slow) seen.push(event.seq);
  const log = await quick;
  expect(seen).toEqual(numbers(1, log.length));
  expect(log.map((event) => event.seq)).toEqual(seen);
});

test('a reader that names a number the log never comes to ends with the job', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, ['held-never']);
  const call = await stage.call('held-never');
  const reading = Array.fromAsync(kernel.follow(job.id, 1_000_000, new AbortController().signal));
  const whole = read(kernel, job.id, 0);
  call.end(done('NEVER'));
  await whole;
  expect(await reading).toEqual([]);
  await expect.poll(() => kernel.readers()).toBe(0);
});

test('a reader that is still at the history when the job ends gets the rest and the last event', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, ['held while a reader reads']);
  const call = await stage.call('held while a reader reads');
  const reader = kernel.follow(job.id, 0, AbortSignal.timeout(10_000));
  const seen = [(await reader.next()).value?.seq];
  call.end(done('HELD'));
  const log = await watchToEnd(kernel, job.id);
  for await (const event of reader) seen.push(event.seq);
  expect(seen).toEqual(log.map((event) => event.seq));
});
