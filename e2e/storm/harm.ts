/**
 * Loaded into every process of a storm before its program: harm that nobody can do to a process from outside. Its clock is wrong, it runs
 * out of memory on SIGUSR2 or when it handles a poisoned text, and, where no disk can be filled, its writes fail as on a full one.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { POISON, SETTINGS } from './harm-settings.ts';

shiftClock(Number(process.env[SETTINGS.clockAhead] ?? 0));
process.on('SIGUSR2', exhaustHeap);
poisonModelCalls();
const fullFlag = process.env[SETTINGS.fullFlag];
if (fullFlag !== undefined) fillDiskWhile(fullFlag);

/** What the program takes for the time. Durations, which other clocks measure, stay right. */
function shiftClock(aheadMs: number): void {
  if (aheadMs === 0) return;
  const real = Date.now.bind(Date);
  const now = () => real() + aheadMs;
  globalThis.Date = new Proxy(Date, {
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
    apply: () => new Date(now()).toString(),
  });
}

/** V8 gives up with "JavaScript heap out of memory" and aborts the process. */
function exhaustHeap(): never {
  const hoard: unknown[] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
}

function poisonModelCalls(): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (typeof init?.body === 'string' && init.body.includes(POISON)) exhaustHeap();
    return send(input, init);
  };
}

/** Every file that would be opened for writing below the flag's folder, as the system refuses it when there is no block left. */
function fillDiskWhile(flag: string): void {
  const folder = path.dirname(flag) + path.sep;
  const refuse = (file: unknown, flags: unknown) => {
    const isWrite = typeof flags === 'string' ? /[wa+]/u.test(flags) : flags !== undefined;
    if (!isWrite || !String(file).startsWith(folder) || !fs.existsSync(flag)) return;
    throw Object.assign(new Error(`ENOSPC: no space left on device, open '${String(file)}'`), {
      code: 'ENOSPC',
      syscall: 'open',
    });
  };
  const { open } = fs;
  const openLater = fs.promises.open;
  Object.assign(fs, {
    open: (file: fs.PathLike, ...rest: [unknown, ...unknown[]]) => {
      try {
        refuse(file, rest[0]);
      } catch (error) {
        const callback = rest.at(-1);
        if (typeof callback === 'function') callback(error);
        return;
      }
      Reflect.apply(open, fs, [file, ...rest]);
    },
  });
  Object.assign(fs.promises, {
    open: async (file: fs.PathLike, flags?: string | number, mode?: fs.Mode) => {
      refuse(file, flags);
      return await openLater(file, flags, mode);
    },
  });
  syncBuiltinESMExports();
}
