import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { routes, type Novel } from '@scriptorium/contract';
import type { Connection } from '../session/connect.ts';
import { assertFile } from '../terminal/assert-file.ts';

/** Hands in a PDF; it is streamed from the disk. */
export async function handInNovel(
  { client }: Pick<Connection, 'client'>,
  file: string,
  { password, signal }: { readonly password?: string | undefined; readonly signal: AbortSignal },
): Promise<{ novel: Novel; isNew: boolean }> {
  await assertFile(file);
  const form = {
    file: new File([await openAsBlob(file)], path.basename(file)),
    ...(password === undefined ? {} : { password }),
  };
  const { novel, is_duplicate: isDuplicate } = await client.call(routes.novels.upload, {
    form,
    signal,
  });
  return { novel, isNew: !isDuplicate };
}
