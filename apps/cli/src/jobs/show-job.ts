import type { Client, Job } from '@scriptorium/contract';
import { LiveBlock } from '../terminal/live-block.ts';
import { counted, paint, plain } from '../terminal/text.ts';
import { followJob } from './follow-job.ts';
import { jobLines, partsOf, stepOf } from './job-lines.ts';

export interface JobOptions {
  readonly client: Client;
  readonly jobId: number;
  readonly signal: AbortSignal;
}

/** Waits until a job has ended and shows nothing. */
export async function awaitJob({ client, jobId, signal }: JobOptions): Promise<Job> {
  const updates = followJob(client, jobId, signal);
  for (;;) {
    const { value: job, done } = await updates.next();
    if (done) return job;
  }
}

/** Shows a job until it ends: as bars that move in a terminal, else one line for each thing that happens. */
export async function showJob(
  options: JobOptions & { readonly out: NodeJS.WriteStream },
): Promise<Job> {
  const { client, jobId, signal, out } = options;
  const view = out.isTTY ? new LiveView(out) : new LineView(out);
  const updates = followJob(client, jobId, signal);
  try {
    for (;;) {
      const { value: job, done } = await updates.next();
      view.show(job);
      if (done) return job;
    }
  } finally {
    view.end();
  }
}

class LiveView {
  readonly #block: LiveBlock;

  constructor(out: NodeJS.WriteStream) {
    this.#block = new LiveBlock(out);
  }

  show(job: Job): void {
    this.#block.draw(jobLines(job));
  }

  /** What a person wants to keep of it comes in the summary. */
  end(): void {
    this.#block.clear();
  }
}

class LineView {
  readonly #out: NodeJS.WriteStream;
  readonly #told = new Set<number>();
  #step = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(job: Job): void {
    const step = stepOf(job);
    if (step !== this.#step) this.#say(`${job.progress_percent} %  ${step}`);
    this.#step = step;
    for (const part of job.chunk_results) {
      const { index, status, label, reused = false, error } = part;
      if (status === 'waiting' || status === 'active' || this.#told.has(index)) continue;
      this.#told.add(index);
      const name = plain(label ?? `${partsOf(job).one} ${index + 1}`);
      const how = error === undefined ? '' : `: ${plain(error.message)} [${error.code}]`;
      this.#say(
        `${this.#told.size} of ${job.total_chunks}  ${name}  ${reused ? 'reused' : status}${how}`,
      );
    }
  }

  end(): void {}

  #say(line: string): void {
    this.#out.write(`  ${line}\n`);
  }
}

/** How a job ended, in a sentence: what happened, what is there, what is missing. */
export function verdictOf(job: Job): string {
  const { one, many } = partsOf(job);
  switch (job.status) {
    case 'completed':
      return job.gaps.length === 0
        ? paint.done(`Job ${job.id} is completed, and nothing is missing.`)
        : paint.waiting(
            `Job ${job.id} is completed, but ${counted(job.gaps.length, one, many)} of ${job.total_chunks} could not be done.`,
          );
    case 'failed':
      return paint.failed(
        `Job ${job.id} has failed: ${plain(job.error?.message ?? 'no reason was recorded')} [${job.error?.code ?? 'unknown'}]`,
      );
    case 'cancelled':
      return paint.waiting(`Job ${job.id} was cancelled; what was finished before is kept.`);
    case 'pending':
    case 'processing':
      return paint.running(`Job ${job.id}: ${stepOf(job)} (${job.progress_percent} %).`);
  }
}
