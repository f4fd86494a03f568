import { fileURLToPath } from 'node:url';
import { aloneInChild } from '../index.ts';
import { claimSchema } from '../store/claim-works.ts';

/** A process that runs one claim in a child of its own, says what the child reports, and is to be killed meanwhile. */
process.once('message', (raw) => {
  const runAlone = aloneInChild(fileURLToPath(new URL('deadly-child.ts', import.meta.url)));
  void runAlone(claimSchema.parse(raw), {
    signal: new AbortController().signal,
    onReport: (_fraction, step) => process.send?.(step),
    onUsage: () => {},
    onPut: () => {},
  });
});
