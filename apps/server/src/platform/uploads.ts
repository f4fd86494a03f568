import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { platformError } from './errors.ts';
import { describeIssues, describeUnstorable, invalidRequest } from './validation.ts';

export interface UploadLimits {
  readonly dataDir: string;
  readonly uploadMaxBytes: number;
}

/** A file that has arrived whole, under a temporary name: it is not kept before it has been read. */
export interface UploadedFile {
  readonly path: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A form that has arrived whole: its checked fields, and its file if it has one. */
export interface UploadedForm<Fields> {
  readonly fields: Fields;
  readonly file: UploadedFile | undefined;
}

/** Longer than any upload pauses and than any file is read. */
const OLDEST_UPLOAD_MS = 60 * 60_000;

/**
 * Removes the temporary files of uploads whose server was killed: it could not do it itself.
 *
 * @param now milliseconds since 1970
 */
export async function sweepUploads(
  { dataDir }: Pick<UploadLimits, 'dataDir'>,
  now = Date.now(),
): Promise<void> {
  const temporary = temporaryFolder(dataDir);
  for (const name of (await readdir(temporary).catch(unlessMissing)) ?? []) {
    const file = path.join(temporary, name);
    const facts = await lstat(file).catch(unlessMissing);
    if (facts !== undefined && now - facts.mtimeMs > OLDEST_UPLOAD_MS) {
      await rm(file, { force: true });
    }
  }
}

function temporaryFolder(dataDir: string): string {
  return path.join(dataDir, 'tmp');
}

/** Nobody has sent anything yet, or the upload has ended meanwhile. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

/** What the fields around the file may add to the length of a request. */
const FORM_BYTES = 100_000;

/**
 * Streams the file of a multipart request to the disk, hashing it on the way, checks the other fields, and calls `use` with both.
 * Whatever happens, the temporary file is gone afterwards.
 *
 * `fileField` names the field that holds the file; files under other names are refused. `admit` is told how large the request says it is,
 * before anything is read.
 *
 * @throws AppError `request.invalid`, `request.too_large`, and whatever `admit` throws
 */
export async function withForm<Fields, T>(
  request: FastifyRequest,
  form: {
    readonly limits: UploadLimits;
    readonly fileField: string;
    readonly fields: z.ZodType<Fields>;
    readonly admit: (bytes: number) => Promise<void>;
  },
  use: (form: UploadedForm<Fields>) => Promise<T>,
): Promise<T> {
  const { limits, fileField } = form;
  // Most clients say how much they will send, and need not send it all to hear that it is too much.
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.uploadMaxBytes + FORM_BYTES) throw tooLarge(limits);
  await form.admit(announced);
  const temporary = temporaryFolder(limits.dataDir);
  await mkdir(temporary, { recursive: true });
  const name = path.join(temporary, randomUUID());
  const values: Record<string, unknown> = {};
  let file: UploadedFile | undefined;
  try {
    // The parts have to be read in their order: one that nobody reads holds up those behind it.
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        values[part.fieldname] = part.value;
        continue;
      }
      if (part.fieldname !== fileField) throw unknownFile(part.fieldname, fileField);
      file = await receive(part, limits, name);
    }
    const fields = form.fields.safeParse(values);
    if (!fields.success) throw invalidRequest(describeIssues('form', fields.error, values));
    const texts = { ...fields.data, [fileField]: file?.fileName };
    const unstorable = describeUnstorable('form', texts);
    if (unstorable.length > 0) throw invalidRequest(unstorable);
    request.named?.meet([values, file?.fileName, file?.sha256]);
    return await use({ fields: fields.data, file });
  } finally {
    await rm(name, { force: true });
  }
}

async function receive(
  part: MultipartFile,
  limits: UploadLimits,
  name: string,
): Promise<UploadedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    part.file,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(name, { flags: 'wx' }),
  );
  // The plugin ends the stream at the limit as if the file ended there.
  if (part.file.truncated) throw tooLarge(limits);
  return { path: name, fileName: part.filename, sha256: hash.digest('hex'), bytes };
}

function tooLarge({ uploadMaxBytes }: UploadLimits) {
  return platformError('request.too_large', {
    detail: `The file is larger than ${megabytes(uploadMaxBytes)}, the most that is accepted here. Nothing was stored. Hand in a smaller one (books with large pictures can be made smaller with calibre), or ask the operator to raise UPLOAD_MAX_MB.`,
    params: { limit_bytes: uploadMaxBytes },
  });
}

function unknownFile(sent: string, expected: string) {
  return invalidRequest([
    { path: `form.${sent}`, message: `The file has to be in the field "${expected}"` },
  ]);
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
