import { KernelError } from '../errors.ts';

/** There is no room for a file. Nothing of it was stored. Over HTTP: 507. */
export class DiskFullError extends KernelError {
  constructor(details: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(
      'disk.full',
      'The disk has no room for this; nothing was stored. The operator has to make room.',
      details,
      options,
    );
  }
}

/** `EDQUOT`: the account of the process may not use more of the disk. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'disk.full']);

/** True for {@link DiskFullError}, also one that came from a child process, and for what the system calls fail with. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NO_SPACE.has(String(error.code));
}

/** Runs a write; a full disk becomes a {@link DiskFullError} after `undo` has removed what was begun. */
export async function orDiskFull<T>(
  write: () => Promise<T>,
  undo: () => Promise<void>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    await undo();
    if (isDiskFull(error) && !(error instanceof DiskFullError)) {
      throw new DiskFullError({}, { cause: error });
    }
    throw error;
  }
}
