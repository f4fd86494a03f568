#!/usr/bin/env node
// Plain JavaScript that any Node still in use can read: it starts the program, which needs Node 24, on one that has it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
if (Number(process.versions.node.split('.', 1)[0]) >= OLDEST_MAJOR) {
  // From the second time on, 0.15 s less.
  module.enableCompileCache();
  await import('../src/main.ts');
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const bundled = fileURLToPath(new URL(`../../../node_modules/node/bin/${name}`, import.meta.url));
  if (existsSync(bundled)) {
    runWith(bundled);
  } else {
    process.stderr.write(
      `Scriptorium needs Node ${OLDEST_MAJOR} or newer, and this is ${process.version}. "npm ci" in its folder installs a Node of its own, which is then used.\n`,
    );
    process.exitCode = 2;
  }
}

/** @param {string} node */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // The child decides what they mean; this process ends when it does.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}
