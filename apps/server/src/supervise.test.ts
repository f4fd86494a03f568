import { describe, expect, it } from 'vitest';
import { supervise, type Running } from './supervise.ts';

const BACKOFF = { first: 1, longest: 4, healthy: 60_000 };

/** Something to supervise whose life the test decides. */
function puppet() {
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  void Promise.allSettled([ready.promise]);
  const asked: string[] = [];
  const running: Running = {
    ready: ready.promise,
    ended: ended.promise,
    stop: () => {
      asked.push('stop');
      ended.resolve('as asked');
    },
    hurry: () => {
      asked.push('hurry');
      ended.resolve('as asked');
    },
  };
  return { running, asked, ready, end: ended.resolve };
}

/** Launches one puppet after the other; `next` waits for a launch. */
function stage() {
  const puppets: ReturnType<typeof puppet>[] = [];
  let arrived = Promise.withResolvers<ReturnType<typeof puppet>>();
  return {
    puppets,
    next: () => arrived.promise,
    launch: () => {
      const fresh = puppet();
      puppets.push(fresh);
      arrived.resolve(fresh);
      arrived = Promise.withResolvers();
      return fresh.running;
    },
  };
}

function listeningLog() {
  const delays: number[] = [];
  return {
    delays,
    log: {
      info: () => {},
      warn: (fields: object) => {
        if ('delayMs' in fields) delays.push(Number(fields.delayMs));
      },
    },
  };
}

describe('supervise', () => {
  it('launches again what ends unasked, each time a little later', async () => {
    const { launch, next } = stage();
    const { log, delays } = listeningLog();
    let launched = next();
    const supervised = supervise({ name: 'thing', launch, log, backoff: BACKOFF });
    for (const _ of [1, 2, 3, 4]) {
      const current = await launched;
      current.ready.resolve();
      launched = next();
      current.end('exit code 1');
      await launched;
    }
    await supervised.stop();
    expect(delays).toEqual([1, 2, 4, 4]);
  });

  it('begins with the shortest delay again after a healthy life', async () => {
    const { launch, next } = stage();
    const { log, delays } = listeningLog();
    let launched = next();
    const backoff = { ...BACKOFF, healthy: 0 };
    const supervised = supervise({ name: 'thing', launch, log, backoff });
    for (const _ of [1, 2, 3]) {
      const current = await launched;
      current.ready.resolve();
      launched = next();
      current.end('ended by SIGKILL');
      await launched;
    }
    await supervised.stop();
    expect(delays).toEqual([1, 1, 1]);
  });

  it('launches nothing again that was never ready', async () => {
    const { launch, puppets } = stage();
    const { log, delays } = listeningLog();
    const supervised = supervise({ name: 'thing', launch, log, backoff: BACKOFF });
    puppets[0]!.ready.reject(new Error('port taken'));
    puppets[0]!.end('exit code 2');
    await expect(supervised.ready).rejects.toThrow('port taken');
    await supervised.stop();
    expect(puppets).toHaveLength(1);
    expect(delays).toEqual([]);
  });

  it('goes on launching when a later launch fails', async () => {
    const { launch, next, puppets } = stage();
    const { log } = listeningLog();
    let launched = next();
    const supervised = supervise({ name: 'thing', launch, log, backoff: BACKOFF });
    (await launched).ready.resolve();
    launched = next();
    puppets[0]!.end('exit code 1');
    const second = await launched;
    launched = next();
    second.ready.reject(new Error('the disk is full'));
    second.end('exit code 1');
    (await launched).ready.resolve();
    await supervised.stop();
    expect(puppets).toHaveLength(3);
  });

  it('stops for good, also in the pause before a launch', async () => {
    const { launch, next, puppets } = stage();
    const told = Promise.withResolvers<void>();
    const log = { info: () => {}, warn: () => told.resolve() };
    const launched = next();
    const backoff = { ...BACKOFF, first: 60_000 };
    const supervised = supervise({ name: 'thing', launch, log, backoff });
    (await launched).ready.resolve();
    puppets[0]!.end('exit code 1');
    await told.promise;
    await supervised.stop();
    expect(puppets).toHaveLength(1);
  });

  it('ends what runs when it is restarted or stopped', async () => {
    const { launch, next, puppets } = stage();
    const { log } = listeningLog();
    let launched = next();
    const supervised = supervise({ name: 'thing', launch, log, backoff: BACKOFF });
    (await launched).ready.resolve();
    launched = next();
    supervised.restart();
    (await launched).ready.resolve();
    await supervised.stop();
    expect(puppets.map(({ asked }) => asked)).toEqual([['hurry'], ['stop']]);
  });
});
