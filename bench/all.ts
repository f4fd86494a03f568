/** Every benchmark, one after the other and each in a process of its own: `npm run bench`. What fails does not keep the others from running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const NO_BENCHMARKS = new Set(['all.ts', 'report.ts']);

const files = (await readdir(import.meta.dirname)).filter(
  (name) => name.endsWith('.ts') && !NO_BENCHMARKS.has(name),
);
for (const name of files.sort()) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, name)], {
    stdio: 'inherit',
  });
  await once(child, 'close');
  if (child.exitCode !== 0) process.exitCode = 1;
}
