import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError, problemSchema, type ResultFormat } from '@scriptorium/contract';
import type { Connection } from '../session/connect.ts';

const FORMATS: readonly ResultFormat[] = ['json', 'txt', 'csv', 'tsv', 'xlsx', 'html', 'epub'];

/** The format that the ending of a file's name stands for. */
export function formatOf(file: string): ResultFormat | undefined {
  const ending = path.extname(file).slice(1).toLowerCase();
  return FORMATS.find((format) => format === ending);
}

/** Writes a result to a file, as it comes. Returns its path. */
export async function download(
  { address, getToken }: Pick<Connection, 'address' | 'getToken'>,
  wanted: {
    readonly jobId: number;
    readonly format: ResultFormat;
    readonly out: string;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { jobId, format, out, signal } = wanted;
  const response = await fetch(`${address}/api/v1/jobs/${jobId}/result?format=${format}`, {
    headers: { authorization: `Bearer ${await getToken()}` },
    signal,
  });
  if (!response.ok || response.body === null) {
    throw new ApiError(problemSchema.parse(await response.json()));
  }
  const file = path.resolve(out);
  await pipeline(response.body, createWriteStream(file), { signal });
  return file;
}
