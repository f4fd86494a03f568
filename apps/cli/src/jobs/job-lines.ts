import type { Job } from '@scriptorium/contract';
import { bar, clip, COLUMNS, counted, pad, paint, plain } from '../terminal/text.ts';

const BAR_COLUMNS = 34;
const PART_BAR_COLUMNS = 16;
const LABEL_COLUMNS = 36;
/** More than one process works on; the rest is in the count. */
const MOST_PARTS = 8;

/** What people call the parts of a job. */
export function partsOf(job: Job): { readonly one: string; readonly many: string } {
  return job.pipeline === 'books'
    ? { one: 'chapter', many: 'chapters' }
    : { one: 'part', many: 'parts' };
}

/** A job that has not ended, as it is drawn over and over: its bar, then one line for each part that is worked at. */
export function jobLines(job: Job): string[] {
  const percent = pad(`${job.progress_percent} %`, 6, 'right');
  const colour = job.waiting_for === null ? paint.running : paint.waiting;
  const head = `  ${bar(job.progress_percent / 100, BAR_COLUMNS, colour)}${percent}   `;
  const room = COLUMNS - 2 - BAR_COLUMNS - 6 - 3;
  return [head + clip(stepOf(job), room), ...partLines(job), `  ${paint.faint(tally(job))}`];
}

/** What the job is doing, or why it does nothing. */
export function stepOf(job: Job): string {
  if (job.waiting_for !== null) {
    const { reason, until } = job.waiting_for;
    const time = until === null ? '' : `, until ${clock(until)}`;
    return `waiting for ${plain(reason)}${time}`;
  }
  return plain(job.current_step ?? job.status);
}

function partLines(job: Job): string[] {
  const active = job.chunk_results.filter(({ status }) => status === 'active');
  return active.slice(0, MOST_PARTS).map(({ index, label, progress = 0, step = '' }) => {
    const name = plain(label ?? `${partsOf(job).one} ${index + 1}`);
    const room = COLUMNS - 2 - LABEL_COLUMNS - 2 - PART_BAR_COLUMNS - 2;
    return [
      `  ${pad(clip(name, LABEL_COLUMNS), LABEL_COLUMNS)}`,
      bar(progress, PART_BAR_COLUMNS),
      paint.faint(clip(plain(step), room)),
    ].join('  ');
  });
}

function tally(job: Job): string {
  const { one, many } = partsOf(job);
  if (job.total_chunks === 0) return `job ${job.id}`;
  const failed = job.failed_chunks.length === 0 ? '' : `, ${job.failed_chunks.length} failed`;
  return `${job.processed_chunks} of ${counted(job.total_chunks, one, many)}${failed} · job ${job.id}`;
}

/** `12:04`, in the reader's time zone. */
function clock(timestamp: string): string {
  return new Date(timestamp).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
