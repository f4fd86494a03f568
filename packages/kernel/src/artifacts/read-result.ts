import { text } from 'node:stream/consumers';
import { KernelError } from '../errors.ts';
import type { KernelFiles } from './kernel-files.ts';

/** The result of a work, from its row or from the store: whoever reads it need not know which. */
export async function readResult(
  files: KernelFiles | undefined,
  row: { result: unknown; result_blob: string | null },
): Promise<unknown> {
  if (row.result_blob === null) return row.result;
  if (files === undefined) {
    throw new KernelError(
      'artifact.no_store',
      'A result is in the store, but this process was given none.',
      { blob: row.result_blob },
    );
  }
  const parsed: unknown = JSON.parse(await text(await files.store.read(row.result_blob)));
  return parsed;
}
