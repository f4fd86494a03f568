/**
 * The program: `node main.ts start|server|worker`, configured by environment variables alone.
 *
 * Exit codes: 0 after a stop in good order, 2 when a person has to change something before it can work (the command, the
 * configuration, the address), 1 for everything else.
 */
import { enableCompileCache } from 'node:module';
import { inspect } from 'node:util';
import { rerunOnBundledNode } from './node-version.ts';

const USAGE = `Usage: node main.ts <command>

  start    a whole installation: a database (unless DATABASE_URL names one), a server and a worker
  server   answers requests; needs DATABASE_URL
  worker   does the work; needs DATABASE_URL
`;

/** For these a person has to act; restarting would end in the same way. */
const FOR_A_PERSON = new Set([
  'config.invalid',
  'server.port_taken',
  'server.port_forbidden',
  'server.host_unusable',
]);

/** Loads no more than the command needs: a worker does not wait for the server's modules, nor an old Node for any. */
async function run(command: string | undefined): Promise<number> {
  if (command !== 'start' && command !== 'server' && command !== 'worker') {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    await runCommand(command);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

async function runCommand(command: 'start' | 'server' | 'worker'): Promise<void> {
  const { loadConfig } = await import('./config.ts');
  const config = loadConfig(process.env);
  if (command === 'start') {
    const { start } = await import('./start.ts');
    return start(config, process.env);
  }
  const { withDatabase } = await import('./open-database.ts');
  if (command === 'server') {
    const { runServer } = await import('./server.ts');
    return runServer(withDatabase(config));
  }
  const { runWorker } = await import('./worker.ts');
  return runWorker(withDatabase(config));
}

/** Tells what went wrong, with a stack only where nobody has found words for it. Returns the exit code. */
function explain(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const hasWords = error instanceof Error && /^[a-z]+\.[a-z_]+$/u.test(code);
  process.stderr.write(hasWords ? `${error.message} [${code}]\n` : `${inspect(error)}\n`);
  const exitCode = error instanceof Error && 'exitCode' in error ? error.exitCode : undefined;
  return FOR_A_PERSON.has(code) || exitCode === 2 ? 2 : 1;
}

// From the second start on, 0.3 s a process instead of 0.5.
enableCompileCache();
const rerun = rerunOnBundledNode(import.meta.filename);
process.exit(await (rerun ?? run(process.argv[2])));
