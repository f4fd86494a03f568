import { once } from 'node:events';
import { routes, type Client } from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startPeople, type PeopleUnderTest } from './testing.ts';

/* Streams are open at one process; what ends them happens at another one. */

let people: PeopleUnderTest;
let owner: Client;
let elsewhere: string;
beforeAll(async () => {
  people = await startPeople();
  await people.add('owner', 'owner');
  owner = await people.as('owner');
  elsewhere = await people.another();
});
afterAll(() => people.stop());

interface Stream {
  /** The code with which the server ended it. */
  readonly ended: Promise<string>;
}

const headersOf = (token: string | undefined) =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** Opens the log of a job as server-sent events; resolves once the first event is there. */
async function openEventStream(address: string, token: string | undefined): Promise<Stream> {
  const response = await fetch(`${elsewhere}/api/v1/jobs/${address}`, {
    headers: { ...headersOf(token), accept: 'text/event-stream' },
  });
  if (response.body === null || !response.ok) throw new Error(`It was answered ${response.status}`);
  const pieces = response.body.pipeThrough(new TextDecoderStream()).values();
  let seen = '';
  while (!seen.includes('event: ')) seen += (await pieces.next()).value;
  const readOn = async () => {
    for await (const piece of pieces) seen += piece;
    const [, type = '', data = ''] =
      seen
        .matchAll(/event: (\S+)\ndata: (.*)\n/gu)
        .toArray()
        .at(-1) ?? [];
    return type === 'stream.ended' ? String(JSON.parse(data).code) : type;
  };
  return { ended: readOn() };
}

async function openSocket(address: string, token: string | undefined): Promise<Stream> {
  const url = `${elsewhere.replace('http', 'ws')}/ws/jobs/${address.replace('/events', '')}`;
  const socket = new WebSocket(url, { headers: headersOf(token) });
  const ended = once(socket, 'close').then(([code, reason]) => `${code} ${reason}`);
  await once(socket, 'message');
  return { ended };
}

interface Reader {
  readonly id: number;
  readonly name: string;
  readonly jobId: number;
  readonly token: string;
  readonly refreshToken: string;
  readonly client: Client;
}

let number = 0;

/** Somebody who is signed in and has a job that does not end by itself. */
async function addReader(): Promise<Reader> {
  const name = `reader-${(number += 1)}`;
  const id = await people.add(name);
  const jobId = await people.submit({ ownerId: id, input: [0], subject: `book:${id}` });
  return { id, name, jobId, ...(await signIn(name)) };
}

async function signIn(name: string) {
  const body = { email: `${name}@example.org`, password: 'right password' };
  const session = await people.anonymous.call(routes.auth.login, { body });
  const { access_token: token = '', refresh_token: refreshToken = '' } = session;
  return { token, refreshToken, client: people.client(token) };
}

/** Opens both kinds, and says how both have ended after something has happened. */
async function endsAfter({ jobId }: Reader, token: string, happens: () => Promise<unknown>) {
  const streams = [
    await openEventStream(`${jobId}/events`, token),
    await openSocket(`${jobId}/events`, token),
  ];
  await happens();
  return await Promise.all(streams.map(({ ended }) => ended));
}

const REVOKED = ['auth.revoked', '4403 auth.revoked'];

describe.concurrent('open streams end within seconds, with the reason, when', () => {
  it('their session is signed out', async () => {
    const reader = await addReader();
    const signOut = () =>
      people.anonymous.call(routes.auth.logout, { body: { refresh_token: reader.refreshToken } });
    expect(await endsAfter(reader, reader.token, signOut)).toEqual(REVOKED);
  });

  it('the password is changed in another session, which stays', async () => {
    const reader = await addReader();
    const other = await signIn(reader.name);
    const stays = await openEventStream(`${reader.jobId}/events`, other.token);
    const change = () =>
      other.client.call(routes.self.changePassword, {
        body: { current_password: 'right password', password: 'another password' },
      });
    expect(await endsAfter(reader, reader.token, change)).toEqual(REVOKED);
    await other.client.call(routes.jobs.cancel, { params: { id: reader.jobId } });
    expect(await stays.ended).toBe('job.cancelled');
  });

  it('their key is revoked, and not when another one is', async () => {
    const reader = await addReader();
    const make = (name: string) => reader.client.call(routes.apiKeys.create, { body: { name } });
    const [mine, other] = [await make('mine'), await make('other')];
    const stays = await openSocket(`${reader.jobId}/events`, other.key);
    const revoke = () =>
      reader.client.call(routes.apiKeys.revoke, { params: { id: mine.api_key.id } });
    expect(await endsAfter(reader, mine.key, revoke)).toEqual(REVOKED);
    await reader.client.call(routes.jobs.cancel, { params: { id: reader.jobId } });
    expect(await stays.ended).toBe('1000 job.ended');
  });

  it('their user is disabled', async () => {
    const reader = await addReader();
    // By hand: the route cancels the jobs of whoever it disables, and streams that hear of that end with it.
    const disable = () =>
      people.pool.query('UPDATE users SET disabled_at = now() WHERE id = $1', [reader.id]);
    expect(await endsAfter(reader, reader.token, disable)).toEqual(REVOKED);
  });

  it('their account is deleted, with the job that they follow', async () => {
    const reader = await addReader();
    const remove = () => owner.call(routes.people.remove, { params: { id: reader.id } });
    expect(await endsAfter(reader, reader.token, remove)).toEqual(REVOKED);
  });

  it('the session is signed out that has asked for their ticket', async () => {
    const reader = await addReader();
    const { client, jobId } = reader;
    const ticket = async () =>
      (await client.call(routes.jobs.ticket, { body: { job_id: jobId } })).ticket;
    const streams = [
      await openEventStream(`${jobId}/events?ticket=${await ticket()}`, undefined),
      await openSocket(`${jobId}/events?ticket=${await ticket()}`, undefined),
    ];
    await client.call(routes.self.endSessions, {});
    expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(REVOKED);
  });

  it('their job is deleted, which is another reason', async () => {
    const reader = await addReader();
    const document = { ownerId: reader.id, subject: `book:${reader.id}` };
    const remove = () => people.kernel.transaction((tx) => people.kernel.deleteJobs(tx, document));
    expect(await endsAfter(reader, reader.token, remove)).toEqual([
      'job.not_found',
      '4404 job.not_found',
    ]);
  });
});

it('a client is told that it is signed out instead of reconnecting for ever', async () => {
  const reader = await addReader();
  const follow = async () => {
    for await (const _ of reader.client.events(reader.jobId));
  };
  const following = follow();
  const { client } = await signIn(reader.name);
  await client.call(routes.self.endSessions, {});
  await expect(following).rejects.toMatchObject({ status: 401, code: 'auth.session_ended' });
});
