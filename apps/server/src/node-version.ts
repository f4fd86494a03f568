import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

/** The oldest Node that has everything: 24 runs TypeScript without a warning, and has `node:sqlite` and argon2. */
const OLDEST_MAJOR = 24;

const BUNDLED_NODE = path.join(
  import.meta.dirname,
  '../../../node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * Under a Node that is too old, runs the program again on the one that `npm ci` has installed.
 *
 * @returns undefined if this Node will do; else what becomes the exit code
 */
export function rerunOnBundledNode(program: string): Promise<number> | undefined {
  const { version, argv } = process;
  if (Number(process.versions.node.split('.', 1)[0]) >= OLDEST_MAJOR) return undefined;
  if (!existsSync(BUNDLED_NODE)) {
    process.stderr.write(
      `Scriptorium needs Node ${OLDEST_MAJOR} or newer, and this is ${version}. "npm ci" in its folder installs a Node of its own, which is then used.\n`,
    );
    return Promise.resolve(2);
  }
  return runWith(BUNDLED_NODE, [program, ...argv.slice(2)]);
}

function runWith(node: string, parameters: readonly string[]): Promise<number> {
  const child = spawn(node, parameters, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
    );
  });
}
