import { ensureWebApp } from '../../web/build.ts';
import { announce } from './announce.ts';
import type { Config } from './config.ts';
import { Installation } from './installation.ts';
import { openLog, type Log } from './platform/log.ts';
import { listenForStop, whenAborted } from './stop-request.ts';

/**
 * Runs a whole installation until this process is asked to end. What people need to know goes to standard output; the logs of
 * all processes go to standard error, so that neither gets lost in the other.
 *
 * @throws PostgresError, ChildFailedError when something does not start; what was started by then is stopped
 */
export async function start(config: Config, environment: NodeJS.ProcessEnv): Promise<void> {
  const begun = performance.now();
  const request = listenForStop();
  const log = openLog({ ...config, logFormat: formatForStandardError(config) }, process.stderr);
  await using installation = new Installation({ config, environment, log });
  request.asked.addEventListener('abort', () => log.info('Stopping'));
  request.hurried.addEventListener('abort', () => installation.hurry());
  await buildWebApp(log);
  const site = await Promise.race([installation.start(), whenAborted(request.asked)]);
  if (site === undefined) return;
  announce(config, site, performance.now() - begun);
  await whenAborted(request.asked);
}

/** A server without its web app still serves its API; so a build that fails is told, and is no reason not to start. */
async function buildWebApp(log: Log): Promise<void> {
  try {
    const { folder, isNew } = await ensureWebApp();
    if (isNew) log.info({ folder }, 'The web app was built');
  } catch (error) {
    log.warn({ err: error }, 'The web app could not be built; what was built before is served');
  }
}

function formatForStandardError({ logFormat }: Config): Config['logFormat'] {
  if (logFormat !== 'auto') return logFormat;
  return process.stderr.isTTY ? 'pretty' : 'json';
}
