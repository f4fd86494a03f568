/** Whether an error is one of the operating system's with one of these codes, such as ENOENT. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    codes.includes(error.code)
  );
}

/** The value, or undefined if the file or process it is about does not exist. */
export async function unlessMissing<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ESRCH')) {
      return undefined;
    }
    throw error;
  }
}
