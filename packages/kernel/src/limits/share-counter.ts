import { setImmediate } from 'node:timers/promises';
import type { Queryable } from '../db/queryable.ts';
import { NOW } from '../store/sql.ts';
import type { Pause } from './pauses.ts';

const WINDOW_SECONDS = 60;

export type Unit = 'requests' | 'tokens';
export type Amounts = Readonly<Record<Unit, number>>;

/** A part of a provider's budget, which is counted in a row of its own, and what it has a minute. */
export interface Share {
  readonly provider: string;
  readonly name: 'common' | 'kept';
  readonly most: Amounts;
}

/** Taken, in the minute that ends then: as text, because a Date has no microseconds. */
export interface Taken {
  readonly endsAt: string;
}

/** What there is too little of, and for how many seconds. */
export interface Lack {
  readonly lacks: Unit;
  readonly seconds: number;
}

interface Waiting {
  readonly need: Amounts;
  readonly resolve: (answer: Taken | Lack | Pause) => void;
  readonly reject: (error: unknown) => void;
}

/** Of tokens that were taken in one minute. */
interface Correction extends Taken {
  readonly tokens: number;
}

interface Correcting extends Correction {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counts one share in its row, one statement at a time: what is asked meanwhile goes into the next one together. Calls that end together begin
 * together, and each statement of its own would wait for the row until that of the one before is committed.
 */
export class ShareCounter {
  readonly #db: Queryable;
  readonly #share: Share;
  #waiting: Waiting[] = [];
  #correcting: Correcting[] = [];
  #isBusy = false;

  constructor(db: Queryable, share: Share) {
    this.#db = db;
    this.#share = share;
  }

  /** Takes all that is needed, or nothing. */
  take(need: Amounts): Promise<Taken | Lack | Pause> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ need, resolve, reject });
      this.#start();
    });
  }

  /** What belongs to a minute that is over is gone with it: given back later, it would enlarge the next one. */
  correct(correction: Correction): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#correcting.push({ ...correction, resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    if (!this.#isBusy) void this.#countAll();
  }

  async #countAll(): Promise<void> {
    this.#isBusy = true;
    // A turn later, so that what one call gives back and the next one takes is one statement.
    await setImmediate();
    while (this.#waiting.length > 0 || this.#correcting.length > 0) {
      const waiting = this.#waiting.splice(0);
      const correcting = this.#correcting.splice(0);
      try {
        await this.#count(waiting, correcting);
        for (const { resolve } of correcting) resolve();
      } catch (error) {
        for (const { reject } of [...waiting, ...correcting]) reject(error);
      }
    }
    this.#isBusy = false;
  }

  async #count(waiting: readonly Waiting[], correcting: readonly Correcting[]): Promise<void> {
    const corrections = sumsOf(correcting);
    const [only] = corrections;
    const isTogether = waiting.length > 0 && corrections.length < 2;
    if (isTogether && (await this.#drawTogether(waiting, only))) return;
    for (const correction of corrections) await this.#write(correction);
    if (isTogether && waiting.length === 1) return;
    for (const { need, resolve } of waiting) resolve(await this.#draw(need, undefined));
  }

  /** @returns whether that is all: else the correction is still to be written, and each of several needs to be asked for on its own */
  async #drawTogether(
    waiting: readonly Waiting[],
    correction: Correction | undefined,
  ): Promise<boolean> {
    const all = {
      requests: waiting.reduce((sum, { need }) => sum + need.requests, 0),
      tokens: waiting.reduce((sum, { need }) => sum + need.tokens, 0),
    };
    const answer = await this.#draw(all, correction);
    const isTaken = 'endsAt' in answer;
    if (isTaken || waiting.length === 1) for (const { resolve } of waiting) resolve(answer);
    return isTaken;
  }

  async #write({ endsAt, tokens }: Correction): Promise<void> {
    const { provider, name } = this.#share;
    await this.#db.query(
      `UPDATE kernel.budgets
          SET tokens = GREATEST(0, tokens + $4)
        WHERE provider = $1
          AND share = $2
          AND ends_at = $3::timestamptz`,
      [provider, name, endsAt, tokens],
    );
  }

  /**
   * The guard is in the one statement that counts. Why there was nothing is read as it stood before that statement, which is enough for
   * a reason and a time to come again.
   */
  async #draw(need: Amounts, correction: Correction | undefined): Promise<Taken | Lack | Pause> {
    const { provider, name, most } = this.#share;
    const beyond = (['requests', 'tokens'] as const).find((unit) => need[unit] > most[unit]);
    if (beyond !== undefined) return { lacks: beyond, seconds: Number.POSITIVE_INFINITY };
    const { rows } = await this.#db.query<DrawnRow>(DRAW, [
      provider,
      name,
      need.requests,
      need.tokens,
      most.requests,
      most.tokens,
      correction?.endsAt ?? null,
      correction?.tokens ?? 0,
    ]);
    const [row] = rows;
    if (typeof row?.ends_at === 'string') return { endsAt: row.ends_at };
    if (typeof row?.pause_seconds === 'number')
      return { seconds: row.pause_seconds, reason: row.pause_reason ?? 'a pause' };
    return {
      lacks: row?.lacks_requests === true ? 'requests' : 'tokens',
      seconds: Math.max(1, row?.window_seconds ?? 1),
    };
  }
}

/** One for each minute; there are seldom two. */
function sumsOf(corrections: readonly Correction[]): Correction[] {
  const byMinute = Map.groupBy(corrections, ({ endsAt }) => endsAt);
  return Array.from(byMinute, ([endsAt, own]) => ({
    endsAt,
    tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
  }));
}

interface DrawnRow {
  readonly ends_at: string | null;
  readonly pause_seconds: number | null;
  readonly pause_reason: string | null;
  readonly lacks_requests: boolean | null;
  readonly window_seconds: number | null;
}

/** $1 provider, $2 share, $3 and $4 what is needed, $5 and $6 what there is a minute, $7 and $8 a correction. */
const DRAW = `
  WITH paused AS (
    SELECT ceil(extract(epoch FROM ends_at - ${NOW}))::int AS seconds, reason
      FROM kernel.provider_pauses
     WHERE provider = $1
       AND ends_at > ${NOW}
  ), drawn AS (
    INSERT INTO kernel.budgets AS b (provider, share, requests, tokens, ends_at)
    SELECT $1, $2, $3, $4, ${NOW} + make_interval(secs => ${WINDOW_SECONDS})
     WHERE NOT EXISTS (SELECT FROM paused)
        ON CONFLICT (provider, share) DO UPDATE
       SET requests = EXCLUDED.requests + CASE WHEN b.ends_at > ${NOW} THEN b.requests ELSE 0 END,
           tokens = EXCLUDED.tokens + CASE WHEN b.ends_at > ${NOW}
                                           THEN GREATEST(0, b.tokens + CASE WHEN b.ends_at = $7::timestamptz THEN $8 ELSE 0 END)
                                           ELSE 0 END,
           ends_at = CASE WHEN b.ends_at > ${NOW} THEN b.ends_at ELSE EXCLUDED.ends_at END
     WHERE b.ends_at <= ${NOW}
        OR (b.requests + EXCLUDED.requests <= $5
            AND b.tokens + CASE WHEN b.ends_at = $7::timestamptz THEN $8 ELSE 0 END + EXCLUDED.tokens <= $6)
    RETURNING ends_at::text
  )
  SELECT drawn.ends_at,
         paused.seconds AS pause_seconds,
         paused.reason AS pause_reason,
         b.requests + $3 > $5 AS lacks_requests,
         ceil(extract(epoch FROM b.ends_at - ${NOW}))::int AS window_seconds
    FROM (SELECT) AS one
    LEFT JOIN drawn ON true
    LEFT JOIN paused ON true
    LEFT JOIN kernel.budgets b ON b.provider = $1 AND b.share = $2`;
