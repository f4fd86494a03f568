import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

/** @throws CliError for a path that is no file */
export async function assertFile(file: string): Promise<void> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return;
  throw new CliError('cli.no_file', `There is no file ${path.resolve(file)}.`, { exitCode: 2 });
}
