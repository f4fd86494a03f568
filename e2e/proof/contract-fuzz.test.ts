/**
 * Every route of the contract against valid and mutated requests: no answer but a declared one, no error but a known one, and never a
 * mistake of the server's own. 15 requests a route; `FUZZ_RUNS=500` for more, `FC_SEED` for others.
 */
import type { Route } from '@scriptorium/contract';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ALL_ROUTES } from '../../scripts/access-matrix.ts';
import { mutationOf, type Mutation } from './arbitrary-request.ts';
import { SAMPLES, type Example } from './examples.ts';
import { problemOf, sendRaw, type RawAnswer, type RawRequest } from './raw-request.ts';
import { pathOf } from './send.ts';
import { startService, type Service } from './service.ts';
import { createWorld, type World } from './world.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 15);

let database: TestDatabase;
let service: Service;
let world: World;
let codes: Map<string, number>;

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({ connectionString: database.connectionString });
  world = await createWorld(service);
  codes = await knownCodes(service.url);
}, 120_000);

afterAll(async () => {
  await service.stop();
  await database.drop();
});

/** As the reference lists them: code and status. */
async function knownCodes(url: string): Promise<Map<string, number>> {
  const page = await (await fetch(`${url}/docs/errors`)).text();
  const found = page.matchAll(/id="(?<code>[a-z_]+\.[a-z0-9_]+)"[\s\S]*?(?<status>[45]\d\d)/gu);
  return new Map(
    [...found].map(({ groups }) => [groups?.['code'] ?? '', Number(groups?.['status'])]),
  );
}

/** Somebody who may do what the route is for. Attempts are forgotten: the limit of them is tested elsewhere. */
async function tokenFor({ access, scope }: Route): Promise<string> {
  await service.pool.query('DELETE FROM login_attempts');
  if (access === 'admin' || access === 'owner') {
    return (await world.signIn(service.ownerCredentials.email)).access;
  }
  const who = scope === 'account' ? await world.person() : world.ada;
  return (await world.signIn(who.email)).access;
}

const BOUNDARY = 'a-boundary';

async function formBody({ form = {} }: Example): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(form)) {
    const file = value instanceof File ? `; filename="${value.name}"` : '';
    parts.push(
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
      typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer()),
      Buffer.from('\r\n'),
    );
  }
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** The example as it is sent when nothing is wrong with it. */
async function plain(route: Route, example: Example, token: string): Promise<RawRequest> {
  const query = new URLSearchParams(
    Object.entries(example.query ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const { form, body, params } = example;
  const type =
    form === undefined ? 'application/json' : `multipart/form-data; boundary=${BOUNDARY}`;
  const hasBody = form !== undefined || body !== undefined;
  const headers = { authorization: `Bearer ${token}`, ...example.headers };
  return {
    method: route.method,
    path: `${pathOf(route, params)}${query.size === 0 ? '' : `?${query.toString()}`}`,
    headers: hasBody ? { ...headers, 'content-type': type } : headers,
    body: form === undefined ? JSON.stringify(body) || '' : await formBody(example),
  };
}

function namesOf(schema: z.ZodType | undefined): string[] {
  const shape: unknown = schema instanceof z.ZodObject ? schema.shape : undefined;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

function pick<T>(items: readonly T[], place: number): T | undefined {
  return items[place % Math.max(1, items.length)];
}

/** JSON with one member replaced, added or left out; `undefined` leaves it out. */
function withMember(example: Example, name: string, value: string | undefined): string {
  const members = new Map(
    Object.entries(example.body ?? {}).map(([key, was]) => [key, JSON.stringify(was)]),
  );
  if (value === undefined) members.delete(name);
  else members.set(name, value);
  return `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

function mutated(
  request: RawRequest,
  route: Route,
  example: Example,
  mutation: Mutation,
): RawRequest {
  const json = { ...request.headers, 'content-type': 'application/json' };
  const fields = namesOf(route.body);
  const [path = ''] = request.path.split('?', 1);
  switch (mutation.kind) {
    case 'none':
      return request;
    case 'generated': {
      const query = new URLSearchParams(
        Object.entries(
          z.record(z.string(), z.unknown()).parse(JSON.parse(mutation.query || '{}')),
        ).map(([name, value]) => [name, String(value)]),
      );
      if (route.form !== undefined) return request;
      const to = query.size === 0 ? path : `${path}?${query.toString()}`;
      return {
        ...request,
        path: to,
        ...(mutation.body === '' ? {} : { headers: json, body: mutation.body }),
      };
    }
    case 'field':
    case 'drop': {
      const name = pick(fields, mutation.place);
      if (name === undefined) return request;
      const value = mutation.kind === 'drop' ? undefined : mutation.value;
      return { ...request, headers: json, body: withMember(example, name, value) };
    }
    case 'extra':
      return { ...request, headers: json, body: withMember(example, 'surplus', mutation.value) };
    case 'path': {
      const places = [...route.path.matchAll(/:\w+/gu)].map(([name]) => name);
      const target = pick(places, mutation.place);
      if (target === undefined) return { ...request, path: `${path}/${mutation.segment}` };
      const params = { ...example.params, [target.slice(1)]: 'PLACE' };
      return { ...request, path: pathOf(route, params).replace('PLACE', () => mutation.segment) };
    }
    case 'query': {
      const name = pick([...namesOf(route.query), 'surplus', 'ticket'], mutation.place);
      return { ...request, path: `${path}?${name}=${mutation.value}&${name}=${mutation.value}` };
    }
    case 'raw':
      return {
        ...request,
        headers: { ...request.headers, 'content-type': mutation.mediaType },
        body: mutation.body,
      };
    case 'cut':
      return {
        ...request,
        body: Buffer.from(request.body).subarray(0, request.body.length * mutation.share),
      };
    case 'method':
      return { ...request, method: mutation.method };
    case 'headers': {
      const flood = Object.fromEntries(
        Array.from({ length: mutation.count }, (_, i) => [
          `x-flood-${i}`,
          'x'.repeat(mutation.length / mutation.count),
        ]),
      );
      return { ...request, headers: { ...request.headers, ...flood } };
    }
  }
}

/** What is wrong with an answer; undefined for an honest one. */
function faultIn(answer: RawAnswer, method: string, path: string): string | undefined {
  const { status, text } = answer;
  if (status === 0) return 'The connection was closed without an answer.';
  if (status >= 200 && status < 300) {
    const served = ALL_ROUTES.filter(
      ({ route }) => route.method === method && matches(route, path),
    );
    const schemas = served.flatMap(({ route }) => route.responses[status] ?? []);
    if (schemas.length === 0) return `${status} is not declared`;
    if (answer.mediaType !== 'application/json') return undefined;
    const isDeclared = schemas.some((schema) => schema.safeParse(JSON.parse(text)).success);
    return isDeclared
      ? undefined
      : `${status} with another body than declared: ${text.slice(0, 300)}`;
  }
  const problem = problemOf(answer);
  if (problem === undefined) return `${status} without a problem document: ${text.slice(0, 300)}`;
  if (problem.code === 'server.error') return `a mistake of the server's: ${problem.detail}`;
  if (codes.get(problem.code) !== status) return `${status} with the code ${problem.code}`;
  return status < 500 || status === 503 || status === 507 ? undefined : `status ${status}`;
}

function matches({ path: template }: Route, path: string): boolean {
  const pattern = template.replaceAll(/:\w+/gu, '[^/]*');
  return new RegExp(`^${pattern}$`, 'u').test(path.split('?', 1)[0] ?? '');
}

describe('every route, mutated', () => {
  it('knows the codes of the registry', () => {
    expect(codes.get('request.invalid')).toBe(400);
    expect(codes.size).toBeGreaterThan(60);
  });

  it.each(ALL_ROUTES)(
    '$name',
    async ({ name, route }) => {
      let made = 0;
      const make = async () => {
        made += 1;
        if (made % 40 === 1) await world.relieve();
        return await SAMPLES.get(name)!.make(world);
      };
      let token = await tokenFor(route);
      let example = await make();
      await fc.assert(
        fc.asyncProperty(mutationOf(route), async (mutation) => {
          const request = mutated(await plain(route, example, token), route, example, mutation);
          const answer = await sendRaw(service.url, request);
          const isUsedUp = answer.status < 300 && route.method !== 'GET';
          if (answer.status === 401) token = await tokenFor(route);
          if (isUsedUp || mutation.kind === 'method') example = await make();
          const fault = faultIn(answer, request.method, request.path);
          const isFlood = mutation.kind === 'headers' && answer.status === 0;
          expect(isFlood ? undefined : fault).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    },
    60_000 + RUNS * 500,
  );

  it('leaves the service alive, with nothing in its log that nobody foresaw', async () => {
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    const mistakes = service.lines.filter(({ level }) => level === 'error' || level === 50);
    expect(mistakes.map(({ msg, err }) => ({ msg, err }))).toEqual([]);
  });
});
