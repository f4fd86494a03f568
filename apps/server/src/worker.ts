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
  const { worker, engines } = parts;
  await worker.start();
  tellReady();
  // Not before: an idle worker has the time, and one that finds work waiting is not held up.
  engines.prepare().catch((error: unknown) => {
    log.warn(
      { err: error },
      'The engines could not be prepared; the first work that needs one says why',
    );
  });
  await whenAborted(request.asked);
  const inGoodOrder = worker.stop(config.drainSeconds * 1000);
  await Promise.race([inGoodOrder, whenAborted(request.hurried)]);
  if (request.hurried.aborted) await worker.stop(0);
}
