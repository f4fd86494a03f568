import { tellReady } from './child.ts';
import { composeWorker } from './compose.ts';
import type { ConfigWithDatabase } from './open-database.ts';
import { openLog } from './platform/log.ts';
import { endAfterHurry, listenForStop, whenAborted } from './stop-request.ts';

/**
 * Does works until this process is asked to end. Those in progress then have `DRAIN_SECONDS` left; the rest is given back,
 * free for others at once.
 */
export async function runWorker(config: ConfigWithDatabase): Promise<void> {
  const request = listenForStop();
  endAfterHurry(request);
  const log = openLog(config);
  await using parts = await composeWorker(config, log);
  const { worker } = parts;
  await worker.start();
  tellReady();
  await whenAborted(request.asked);
  const inGoodOrder = worker.stop(config.drainSeconds * 1000);
  await Promise.race([inGoodOrder, whenAborted(request.hurried)]);
  if (request.hurried.aborted) await worker.stop(0);
}
