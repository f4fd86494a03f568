/**
 * Who is let in, asked of the whole product with real things of real people: every route times everybody. The expected answer comes from the
 * route's declaration alone, so a route that forgets to look at the owner of a thing differs from it.
 */
import { readFile } from 'node:fs/promises';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessMatrix,
  ALL_ROUTES,
  COLUMNS,
  expectedAnswer,
  isColumnName,
  type ColumnName,
  type Expected,
} from '../../scripts/access-matrix.ts';
import { credentialsOf, type Headers } from './actors.ts';
import { SAMPLES, type Example, type Sample } from './examples.ts';
import { sendExample, type Answer } from './send.ts';
import { startService, type Service } from './service.ts';
import { createWorld, PASSWORD, type World } from './world.ts';

let database: TestDatabase;
let service: Service;
let world: World;
const known = new Map<ColumnName, Headers>();

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({ connectionString: database.connectionString });
  world = await createWorld(service);
}, 120_000);

afterAll(async () => {
  await service.stop();
  await database.drop();
});

async function headersFor(column: ColumnName, isUsedUp: boolean): Promise<Headers> {
  if (isUsedUp) {
    // Whoever is signed out or deleted by it must not be Ada, whose things the other routes are asked for.
    known.delete(column);
    return await credentialsOf(world, column, await world.person());
  }
  const headers = known.get(column) ?? (await credentialsOf(world, column));
  known.set(column, headers);
  return headers;
}

/** What was answered, in the words of the matrix; anything unexpected in its own. */
function outcomeOf(answer: Answer, expected: Expected, declared: number[], sample: Sample): string {
  const { status, problem } = answer;
  if (expected === 'served') {
    if (declared.includes(status)) return 'served';
    if (problem !== undefined && sample.refusals?.includes(problem.code)) return 'served';
  }
  const code = problem?.code ?? answer.text.slice(0, 200);
  const isRefusal =
    (status === 401 && code.startsWith('auth.')) ||
    (status === 403 && ['auth.forbidden', 'request.cross_site'].includes(code)) ||
    (status === 404 && /(?:not_found|\.unknown)$/u.test(code));
  return isRefusal ? String(status) : `${status} ${code}: ${problem?.detail ?? ''}`;
}

describe('docs/access.md', () => {
  it('is current (else: node scripts/access-matrix.ts)', async () => {
    const page = await readFile(new URL('../../docs/access.md', import.meta.url), 'utf8');
    expect(page).toBe(accessMatrix());
  });
});

describe('every route is answered as it declares', () => {
  it('has an example for every route', () => {
    expect([...SAMPLES.keys()].sort()).toEqual(ALL_ROUTES.map(({ name }) => name).sort());
  });

  it.each(ALL_ROUTES)('$name', async ({ name, route }) => {
    const sample = SAMPLES.get(name)!;
    const { usesUpCaller = false } = sample;
    const declared = Object.keys(route.responses).map(Number);
    let shared: Example | undefined;
    const expected: Record<string, string> = {};
    const answered: Record<string, string> = {};
    // Those who are refused come first: if one of them had done something, its owner would find the thing gone.
    const columns = Object.keys(COLUMNS).filter(isColumnName);
    const isServed = (column: ColumnName) => expectedAnswer(route, COLUMNS[column]) === 'served';
    for (const column of columns.sort((a, b) => Number(isServed(a)) - Number(isServed(b)))) {
      const wanted = expectedAnswer(route, COLUMNS[column]);
      const isUsed = wanted === 'served' && route.method !== 'GET';
      const made = isUsed && answered['first'] !== undefined ? await sample.make(world) : shared;
      const any = made ?? (await sample.make(world));
      const example = usesUpCaller ? ownedBy(column, any) : any;
      shared ??= example;
      if (isUsed) answered['first'] = column;
      const headers = await headersFor(column, usesUpCaller && wanted === 'served');
      const answer = await sendExample(service.url, route, example, headers);
      expected[column] = String(wanted);
      answered[column] = outcomeOf(answer, wanted, declared, sample);
    }
    delete answered['first'];
    expect(answered).toEqual(expected);
  });
});

/** The owner of the installation has another password than everybody else. */
function ownedBy(column: ColumnName, example: Example): Example {
  if (column !== 'owner' || example.body === undefined) return example;
  const own = service.ownerCredentials.password;
  const body = Object.entries(example.body).map(([name, value]) => [
    name,
    value === PASSWORD ? own : value,
  ]);
  return { ...example, body: Object.fromEntries(body) };
}
