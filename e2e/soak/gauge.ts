/**
 * Preloaded into a process (`--expose-gc --import gauge.ts`): at SIGUSR2 it collects its garbage and says, in a line, what it holds.
 */
import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Gauge } from './soak-process.ts';

async function measure(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('The gauge needs --expose-gc.');
  // What a finalizer lets go of is garbage of the next collection.
  for (let pass = 0; pass < 3; pass += 1) {
    globalThis.gc();
    await setImmediate();
  }
  const resources = Map.groupBy(process.getActiveResourcesInfo(), (name) => name);
  const listeners = process
    .eventNames()
    .reduce((sum, name) => sum + process.listenerCount(name), 0);
  const gauge: Gauge = {
    heapBytes: process.memoryUsage().heapUsed,
    handles: readdirSync('/proc/self/fd').length,
    timers: resources.get('Timeout')?.length ?? 0,
    sockets:
      (resources.get('TCPSocketWrap')?.length ?? 0) + (resources.get('PipeWrap')?.length ?? 0),
    listeners,
  };
  process.stderr.write(`soak-gauge ${JSON.stringify(gauge)}\n`);
}

process.on('SIGUSR2', () => void measure());
