import { createReadStream } from 'node:fs';
import type { Kernel, Queryable, ReceivedFile, Tx } from '@scriptorium/kernel';
import { query, queryOne } from '../../../platform/database.ts';
import { NOVEL_READER_VERSION, type ParsedNovel } from '../../../platform/parsing/novel-parser.ts';
import type { ParserProcesses } from '../../../platform/parsing/parser-processes.ts';
import type { UploadedFile, UploadLimits } from '../../../platform/uploads.ts';
import { novelError } from '../novels.errors.ts';
import { findNovelByContent, subjectOf } from '../novels.repo.ts';

export interface NovelUploadResources {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly parser: ParserProcesses;
  readonly limits: UploadLimits & { readonly novelMaxPages: number };
}

/** The novel and whether this call has made it. */
export interface AcceptedNovel {
  readonly novelId: number;
  readonly isNew: boolean;
}

/**
 * Makes a novel of a PDF that has arrived; nothing is stored of one that cannot be read. A file that its owner has handed in before is
 * recognised by its content and not read again.
 *
 * @throws DocumentError for a file that cannot be read; KernelError for one that there is no room for
 */
export async function acceptNovel(
  { db, kernel, parser, limits }: NovelUploadResources,
  upload: { readonly file: UploadedFile; readonly password?: string | undefined },
  ownerId: number,
): Promise<AcceptedNovel> {
  const { file, password } = upload;
  const known = await findNovelByContent(db, ownerId, file.sha256);
  if (known !== undefined) return { novelId: known, isNew: false };
  const novel = await parser.parse('novel', {
    path: file.path,
    fileName: file.fileName,
    maxBytes: limits.uploadMaxBytes,
    maxPages: limits.novelMaxPages,
    ...(password === undefined ? {} : { password }),
  });
  const original = await kernel.receive(
    { ownerId, name: file.fileName, mediaType: 'application/pdf', size: file.bytes },
    createReadStream(file.path),
  );
  return await kernel.transaction((tx) =>
    storeNovel(tx, kernel, { ownerId, file, original, novel }),
  );
}

interface NovelToStore {
  readonly ownerId: number;
  readonly file: UploadedFile;
  readonly original: ReceivedFile;
  readonly novel: ParsedNovel;
}

/** Its row, its pages and its original, all or nothing. */
async function storeNovel(
  tx: Tx,
  kernel: Pick<Kernel, 'keep'>,
  toStore: NovelToStore,
): Promise<AcceptedNovel> {
  const novelId = await insertNovel(tx, toStore);
  if (novelId === undefined) return await findStored(tx, toStore);
  await insertPages(tx, novelId, toStore.novel);
  await kernel.keep(tx, toStore.original, { subject: subjectOf(novelId) });
  return { novelId, isNew: true };
}

/** Undefined if the owner has the novel already. */
async function insertNovel(
  tx: Tx,
  { ownerId, file, original, novel }: NovelToStore,
): Promise<number | undefined> {
  const row = await queryOne<{ id: number }>(
    tx,
    `INSERT INTO novels (owner_id, sha256, file_name, file_bytes, artifact_id, title, author, language, page_count,
                         words, sentence_count, chapters, warnings, reader_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (owner_id, sha256) DO NOTHING
     RETURNING id`,
    [
      ownerId,
      file.sha256,
      file.fileName,
      file.bytes,
      original.id,
      novel.title ?? titleFrom(file.fileName),
      novel.author,
      novel.language,
      novel.pageCount,
      novel.words,
      novel.sentenceCount,
      JSON.stringify(novel.chapters),
      JSON.stringify(novel.warnings),
      NOVEL_READER_VERSION,
    ],
  );
  return row?.id;
}

/** `la-peste_1947.pdf` is better than nothing. */
function titleFrom(fileName: string): string {
  const bare = fileName
    .replace(/\.pdf$/iu, '')
    .replaceAll(/[_\s]+/gu, ' ')
    .trim();
  return bare === '' ? 'Untitled' : bare;
}

/** A transaction that was committed and, its connection lost, is run again finds its own novel, which is known by its file. */
async function findStored(
  tx: Tx,
  { ownerId, file, original }: NovelToStore,
): Promise<AcceptedNovel> {
  const row = await queryOne<{ id: number; artifact_id: string }>(
    tx,
    'SELECT id, artifact_id FROM novels WHERE owner_id = $1 AND sha256 = $2',
    [ownerId, file.sha256],
  );
  if (row === undefined) {
    throw novelError('novel.deleted_meanwhile', {
      detail: 'The same novel was deleted while it came again. Hand it in once more.',
    });
  }
  return { novelId: row.id, isNew: row.artifact_id === original.id };
}

async function insertPages(tx: Tx, novelId: number, { pages }: ParsedNovel): Promise<void> {
  await query(
    tx,
    `INSERT INTO novel_pages (novel_id, number, first_sentence, last_sentence, sentences)
     SELECT $1, p.*
       FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::jsonb[]) AS p`,
    [
      novelId,
      pages.map(({ number }) => number),
      pages.map(({ sentences }) => sentences[0]?.id ?? null),
      pages.map(({ sentences }) => sentences.at(-1)?.id ?? null),
      pages.map(({ sentences }) => JSON.stringify(sentences)),
    ],
  );
}
