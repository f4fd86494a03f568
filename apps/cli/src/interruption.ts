/** The exit code of a program that was interrupted. */
export const INTERRUPTED = 130;

/** One Ctrl-C may arrive twice: from the terminal, and from a program that passes it on. */
const ECHO_MS = 500;

/** Aborted at the first Ctrl-C, so that the command can leave in good order. A second one ends this process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const onSignal = () => {
    first ??= performance.now();
    if (performance.now() - first > ECHO_MS) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return controller.signal;
}
