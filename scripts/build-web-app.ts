import { ensureWebApp } from '../apps/web/build.ts';

/**
 * Before all tests, the web app is built, so that no test that starts an installation waits for that. A run of some named files is
 * not held up: whichever of them needs it builds it.
 */
export default async function setup(): Promise<void> {
  const [command, ...named] = process.argv.slice(2);
  const isPartial = command !== 'run' || named.length > 0;
  if (!isPartial) await ensureWebApp();
}
