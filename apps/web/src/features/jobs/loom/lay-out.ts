import type { AttemptOutcome, Coded, Timeline } from '@scriptorium/contract';

type Chunk = Timeline['chunks'][number];
type Attempt = Chunk['attempts'][number];

/** How a stretch of time is drawn. */
export type SegmentKind = 'running' | 'done' | 'waiting' | 'failed' | 'stopped' | 'reused';

/** A stretch of time of one part, in per cent of the whole width. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly left: number;
  readonly width: number;
  /** The worker's letter; none for waiting. */
  readonly initial: string | undefined;
}

export interface LoomRow {
  readonly index: number;
  readonly label: string | null;
  readonly label_coded?: Coded | undefined;
  readonly segments: readonly Segment[];
}

export interface Loom {
  readonly rows: readonly LoomRow[];
  /** Where now is, in per cent; undefined for a job that has ended. */
  readonly now: number | undefined;
  /** Round moments, in seconds since the beginning and per cent. */
  readonly ticks: readonly { readonly seconds: number; readonly left: number }[];
  /** Workers by their letter, in the order in which they came. */
  readonly workers: readonly { readonly initial: string; readonly name: string }[];
}

/** A job that has just begun has some width to grow into. */
const LEAST_MS = 5000;
/** What is over needs no room to grow; a moment is drawn as a moment. */
const LEAST_ENDED_MS = 500;
/** Room to the right of now. */
const FREE = 0.03;
/** What was there already took no time; it is drawn this wide, in per cent. */
const REUSED_WIDTH = 2.5;
const MOST_TICKS = 6;
const STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200,
];

const KINDS: Readonly<Record<AttemptOutcome, SegmentKind>> = {
  done: 'done',
  retry: 'failed',
  failed: 'failed',
  crashed: 'failed',
  quarantined: 'failed',
  given_back: 'stopped',
  let_go: 'stopped',
};

/**
 * Lays a timeline out: time to the right, one row a part.
 *
 * @param nowMs the server's clock at this moment; undefined for a job that has ended
 */
export function layOut(timeline: Timeline, nowMs: number | undefined): Loom {
  const attempts = timeline.chunks.flatMap((chunk) => chunk.attempts);
  const workers = lettersOf(attempts);
  const moments = attempts.flatMap(({ started_at: from, ended_at: to }) =>
    to === null ? [Date.parse(from)] : [Date.parse(from), Date.parse(to)],
  );
  const fallback = nowMs ?? Date.parse(timeline.now);
  const start = moments.reduce((least, each) => Math.min(least, each), fallback);
  const last = nowMs ?? moments.reduce((most, each) => Math.max(most, each), start);
  const span =
    nowMs === undefined
      ? Math.max(LEAST_ENDED_MS, last - start)
      : Math.max(LEAST_MS, last - start) * (1 + FREE);
  const place = (ms: number) => (100 * (ms - start)) / span;
  return {
    rows: timeline.chunks.map((chunk) => ({
      index: chunk.index,
      label: chunk.label,
      ...(chunk.label_coded && { label_coded: chunk.label_coded }),
      segments: segmentsOf(chunk, last, workers, place),
    })),
    now: nowMs === undefined ? undefined : place(nowMs),
    ticks: ticksOf(span / 1000),
    workers: [...workers].map(([name, initial]) => ({ initial, name })),
  };
}

function segmentsOf(
  chunk: Chunk,
  endMs: number,
  workers: ReadonlyMap<string, string>,
  place: (ms: number) => number,
): Segment[] {
  if (chunk.reused) return [{ kind: 'reused', left: 0, width: REUSED_WIDTH, initial: undefined }];
  const isOpen = chunk.status === 'active' || chunk.status === 'waiting';
  const segments: Segment[] = [];
  const add = (kind: SegmentKind, from: number, to: number, worker?: string | null) => {
    const left = place(from);
    const initial = workers.get(worker ?? '');
    segments.push({ kind, left, width: Math.max(0, place(to) - left), initial });
  };
  chunk.attempts.forEach((attempt, i) => {
    const from = Date.parse(attempt.started_at);
    const to = attempt.ended_at === null ? endMs : Date.parse(attempt.ended_at);
    add(kindOf(attempt), from, to, attempt.worker);
    const next = chunk.attempts[i + 1];
    if (next !== undefined) add('waiting', to, Date.parse(next.started_at));
    else if (isOpen && attempt.ended_at !== null) add('waiting', to, endMs);
  });
  return segments;
}

/** A try that was put off without an error, as a limit demands, has not failed: it was stopped in time. */
function kindOf({ outcome, code }: Attempt): SegmentKind {
  if (outcome === null) return 'running';
  return outcome === 'retry' && code === undefined ? 'stopped' : KINDS[outcome];
}

function lettersOf(attempts: readonly Attempt[]): Map<string, string> {
  const letters = new Map<string, string>();
  const inOrder = attempts.toSorted((a, b) => a.started_at.localeCompare(b.started_at));
  for (const { worker } of inOrder) {
    if (worker !== null && !letters.has(worker)) letters.set(worker, letter(letters.size));
  }
  return letters;
}

/** A to Z, then A2, B2 … */
function letter(place: number): string {
  const round = Math.floor(place / 26);
  return String.fromCodePoint(65 + (place % 26)) + (round === 0 ? '' : String(round + 1));
}

function ticksOf(seconds: number): Loom['ticks'] {
  const step = STEPS.find((each) => seconds / each <= MOST_TICKS) ?? 86_400;
  const count = Math.floor(seconds / step) + 1;
  return Array.from({ length: count }, (_, i) => ({
    seconds: i * step,
    left: (100 * i * step) / seconds,
  }));
}
