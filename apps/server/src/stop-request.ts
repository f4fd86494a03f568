/** Whether this process has been asked to end, and how soon. */
export interface StopRequest {
  /** Aborted at the first request: finish what runs, begin nothing. */
  readonly asked: AbortSignal;
  /** Aborted at a second request: give back what runs, and end. Implies `asked`. */
  readonly hurried: AbortSignal;
}

/** What a parent writes to a child of its own. */
export type StopMessage = 'stop' | 'hurry';

/**
 * One Ctrl-C arrives twice, from the terminal and from the program that started us and passes signals on (npm does), within
 * milliseconds. Only a signal that comes later than this is a second one.
 */
const ECHO_MS = 500;

/**
 * Listens for everything that may ask this process to end: SIGINT and SIGTERM, {@link StopMessage}s of the parent, and the end
 * of the parent itself, after which nobody would restart or stop this process any more.
 */
export function listenForStop(): StopRequest {
  const asked = new AbortController();
  const hurried = new AbortController();
  let firstSignalAt: number | undefined;

  const hurry = () => {
    asked.abort();
    hurried.abort();
  };
  const onSignal = () => {
    asked.abort();
    firstSignalAt ??= performance.now();
    if (performance.now() - firstSignalAt > ECHO_MS) hurried.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('disconnect', hurry);
  process.on('message', (message) => {
    if (message === 'stop') asked.abort();
    if (message === 'hurry') hurry();
  });
  return { asked: asked.signal, hurried: hurried.signal };
}

/**
 * Ends this process by force if it is still there some time after it was asked to hurry. Without a parent nobody else would, and
 * its port and its leases would stay taken.
 */
export function endAfterHurry({ hurried }: StopRequest, ms = 5_000): void {
  hurried.addEventListener('abort', () => setTimeout(() => process.exit(1), ms).unref());
}

/** Resolves when the signal is aborted, at once if it is already. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
