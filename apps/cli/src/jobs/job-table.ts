import type { Job } from '@scriptorium/contract';
import { clip, pad, paint, plain } from '../terminal/text.ts';

const STATUS_COLOURS = {
  pending: paint.waiting,
  processing: paint.running,
  completed: paint.done,
  failed: paint.failed,
  cancelled: paint.faint,
} as const;

const STATUS_COLUMNS = 11;
const STEP_COLUMNS = 19;

/** Jobs, one a line. */
export function jobTable(jobs: readonly Job[]): string[] {
  const head = row(['job', 'status', 'done', 'parts', 'on', 'when', 'step']);
  return [paint.faint(head), ...jobs.map((job) => describe(job))];
}

function describe(job: Job): string {
  const { id, status, progress_percent: percent, subject, created_at: createdAt } = job;
  const cells = row([
    String(id),
    STATUS_COLOURS[status](pad(status, STATUS_COLUMNS)),
    `${percent} %`,
    `${job.processed_chunks}/${job.total_chunks}`,
    plain(subject ?? job.pipeline),
    ago(createdAt),
    '',
  ]);
  const step = job.error?.message ?? job.current_step ?? '';
  return cells + clip(plain(step), STEP_COLUMNS);
}

function row([
  id = '',
  status = '',
  done = '',
  parts = '',
  on = '',
  when = '',
  step = '',
]: string[]) {
  return [
    pad(id, 6, 'right'),
    pad(status, STATUS_COLUMNS),
    pad(done, 5, 'right'),
    pad(parts, 7, 'right'),
    pad(clip(on, 10), 10),
    pad(when, 10),
    step,
  ].join('  ');
}

/** `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`. */
function ago(timestamp: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(timestamp)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
