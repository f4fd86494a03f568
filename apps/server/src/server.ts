import { stopApp } from './app.ts';
import { tellReady } from './child.ts';
import { composeServer, type ServerParts } from './compose.ts';
import { listen, localAddress } from './listen.ts';
import type { ConfigWithDatabase } from './open-database.ts';
import { openLog, type Log } from './platform/log.ts';
import { endAfterHurry, listenForStop, whenAborted } from './stop-request.ts';

const SWEEP_MS = 3_600_000;

/**
 * Answers requests until this process is asked to end; those in progress then have `DRAIN_SECONDS` left.
 *
 * @throws ListenError, and what the database throws
 */
export async function runServer(config: ConfigWithDatabase): Promise<void> {
  const request = listenForStop();
  endAfterHurry(request);
  const log = openLog(config);
  await using parts = await composeServer(config, log);
  const { app, accounts } = parts;
  request.hurried.addEventListener('abort', () => app.server.closeAllConnections());
  const port = await listen(app, config);
  const address = localAddress(config.host, port);
  const claimLink = await accounts.ensureOwner(address);
  log.info({ address }, 'The server is ready');
  tellReady({ port, ...(claimLink === undefined ? {} : { claimLink }) });
  // Without a parent that tells people, this process does.
  if (claimLink !== undefined && process.send === undefined) process.stdout.write(`${claimLink}\n`);
  const sweeping = sweepNowAndThen(parts, log);
  await whenAborted(request.asked);
  clearInterval(sweeping);
  await stopApp(app, config.drainSeconds);
}

/** What has expired means nothing any more; it only takes room. History goes when its owner wants it gone. */
function sweepNowAndThen(parts: ServerParts, log: Log): NodeJS.Timeout {
  return setInterval(() => {
    parts.sweep().catch((error: unknown) => {
      log.warn({ err: error }, 'What has expired was not deleted; it is tried again in an hour');
    });
  }, SWEEP_MS);
}
