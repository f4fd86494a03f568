import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Installation, Role } from '../installation.ts';
import type { Choices } from '../../packages/testkit/src/choices.ts';
import type { ModelWeather } from './weather.ts';

/** A database that can be brought down and comes back at the same address. */
export interface Database {
  crash(): Promise<void>;
  pool(): Pool;
}

/** What was done, and which work it interrupted. */
export interface Fault {
  readonly kind: string;
  readonly at: Date;
  /** Works whose attempts ran in a process that was killed. */
  readonly workIds: readonly number[];
}

interface Targets {
  readonly installation: Installation;
  readonly database: Database;
  readonly weather: ModelWeather;
  readonly random: Choices;
}

/** Workers take two seconds to come back: with less peace than this there would be none to recover anything. */
const LONGEST_PEACE_MS = 6000;
/** A lease lasts ten seconds: whoever sleeps longer has lost it, and what it writes then must change nothing. */
const FREEZE_MS = 13_000;

/** Does harm until the signal says that it is enough, then calms the weather. */
export async function nemesis(targets: Targets, signal: AbortSignal): Promise<Fault[]> {
  const { random, weather } = targets;
  const faults: Fault[] = [];
  const frozen: Promise<void>[] = [];
  while (!signal.aborted) {
    const kind = random.weighted([
      [40, 'kill worker'],
      [15, 'kill server'],
      [8, 'freeze worker'],
      [7, 'crash database'],
      [15, 'cut connections'],
      [15, 'change weather'],
    ] as const);
    const at = new Date();
    const workIds = await strike(kind, targets, frozen);
    faults.push({ kind, at, workIds });
    await delay(random.below(LONGEST_PEACE_MS));
  }
  weather.change('fair');
  await Promise.all(frozen);
  return faults;
}

async function strike(
  kind: string,
  { installation, database, weather, random }: Targets,
  frozen: Promise<void>[],
): Promise<number[]> {
  const someOf = (wanted: Role['kind']): Role => {
    const [first, ...others] = installation.roles.filter((role) => role.kind === wanted);
    if (first === undefined) throw new Error(`There is no ${wanted} to harm.`);
    return random.pick([first, ...others]);
  };
  switch (kind) {
    case 'kill worker': {
      const role = someOf('worker');
      const workIds = await runningIn(database.pool(), installation.pid(role));
      await installation.kill(role);
      return workIds;
    }
    case 'kill server':
      await installation.kill(someOf('server'));
      return [];
    case 'freeze worker':
      frozen.push(installation.freeze(someOf('worker'), FREEZE_MS));
      return [];
    case 'crash database':
      await database.crash();
      return [];
    case 'cut connections':
      await database.pool().query(
        `SELECT pg_terminate_backend(pid)
             FROM pg_stat_activity
            WHERE datname = current_database()
              AND pid <> pg_backend_pid()
              AND backend_type = 'client backend'`,
      );
      return [];
    default:
      weather.change(random.pick(['fair', 'busy', 'broken', 'slow']));
      return [];
  }
}

async function runningIn(pool: Pool, pid: number): Promise<number[]> {
  const { rows } = await pool.query<{ work_id: number }>(
    `SELECT a.work_id
       FROM kernel.attempts a
       JOIN kernel.workers w ON w.id = a.worker_id
      WHERE w.pid = $1
        AND w.stopped_at IS NULL
        AND a.ended_at IS NULL`,
    [pid],
  );
  return rows.map((row) => row.work_id);
}
