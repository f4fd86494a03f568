import { z } from 'zod';
import { jobSchema } from './jobs.ts';
import {
  failureSchema,
  flagParameter,
  idParameter,
  idSchema,
  pageQuery,
  paramsSchema,
  timestampSchema,
} from './primitives.ts';

/** The most positions of a reader in one request. */
export const MOST_POSITIONS_SENT = 100;
/** Of a column of PostgreSQL. */
const MOST_INTEGER = 2_147_483_647;

/** `chapter` is text to read; the others are kept and shown, but not prepared on their own account. */
export const pageClassSchema = z.enum(['chapter', 'service', 'divider', 'matter', 'notes']);

export const chapterStatusSchema = z.enum(['waiting', 'preparing', 'ready', 'failed', 'skipped']);

/** Work on a chapter that is under way, also while an earlier version of its descriptions is shown. */
export const preparationSchema = z.object({
  job_id: idSchema,
  /** `active` once its code runs. */
  status: z.enum(['waiting', 'active']),
  progress_percent: z.int().min(0).max(100),
});

const chapterShape = {
  book_id: idSchema,
  /** 1-based place in the book. */
  number: z.int().positive(),
  title: z.string(),
  /** Titles above this one in the table of contents, outermost first. */
  path: z.array(z.string()),
  words: z.int().min(0),
  page_class: pageClassSchema,
  /** True exactly for the class `service`. */
  is_service_page: z.boolean(),
  service_page_reason: z.string().nullable(),
  /** The same for programs, with the values that it names; null also where only the words are known. */
  service_page_reason_code: z.string().nullable(),
  service_page_reason_params: paramsSchema.optional(),
  /** A person has corrected the class that the reader of the file gave it. */
  is_corrected: z.boolean(),
  /** A correction or a new version can be undone. */
  can_undo: z.boolean(),
  is_description_parsed: z.boolean(),
  descriptions_found: z.int().min(0),
  status: chapterStatusSchema,
  job_id: idSchema.nullable(),
  preparation: preparationSchema.nullable(),
};

export const chapterSummarySchema = z.object(chapterShape).meta({ id: 'ChapterSummary' });

/** A foot- or endnote: what the element with `data-note="id"` in the chapter's `html` opens. */
export const noteSchema = z.object({
  id: z.string(),
  /** What the text shows: "1", "*". */
  label: z.string(),
  /** Where its mark stands in the chapter's text. */
  offset: z.int().min(0),
  html: z.string(),
});

/** A chapter to read. Offsets count UTF-16 code units of `text`, as JavaScript's `slice` does. */
export const chapterSchema = z
  .object({
    ...chapterShape,
    html: z.string(),
    text: z.string(),
    /** sha256 of `text` in hex: offsets are valid for this text alone. */
    text_hash: z.string(),
    notes: z.array(noteSchema).readonly(),
  })
  .meta({ id: 'Chapter' });

const bookShape = {
  id: idSchema,
  title: z.string(),
  authors: z.array(z.string()),
  /** BCP-47 tag. */
  language: z.string().nullable(),
  format: z.enum(['epub', 'fb2', 'mobi', 'txt']),
  is_parsed: z.boolean(),
  /** A job prepares it at the moment. */
  is_processing: z.boolean(),
  words: z.int().min(0),
  /** Where the chapters come from, such as `nav`, `ncx`, `headings` or `spine`. */
  toc_source: z.string(),
  warnings: z.array(failureSchema),
  cover_url: z.string().optional(),
  created_at: timestampSchema,
  /** The job that prepares it, or did so last. */
  job_id: idSchema.optional(),
};

export const bookSummarySchema = z
  .object({ ...bookShape, chapters_total: z.int().min(0), chapters_ready: z.int().min(0) })
  .meta({ id: 'BookSummary' });

export const bookSchema = z
  .object({ ...bookShape, chapters: z.array(chapterSummarySchema) })
  .meta({ id: 'Book' });

export const descriptionSchema = z
  .object({
    id: idSchema,
    kind: z.enum(['place', 'character', 'atmosphere', 'object']),
    /** Exactly `text.slice(start, end)` of the chapter. */
    quote: z.string(),
    start: z.int().min(0),
    end: z.int().min(0),
    confidence: z.number().min(0).max(1),
    engine: z.string(),
  })
  .meta({ id: 'Description' });

export const descriptionsSchema = z
  .object({
    status: chapterStatusSchema,
    /** Who found them: `offline-rules/1`, `google/gemini-2.5-flash`; null while nobody has looked. */
    engine: z.string().nullable(),
    /** The same for people: `offline rules, no model`. */
    engine_label: z.string().nullable(),
    descriptions: z.array(descriptionSchema),
    /** Passages that were proposed and not kept. */
    rejects_count: z.int().min(0),
    /** The caller's job that prepares this chapter, if one does. */
    job: jobSchema.nullable(),
  })
  .meta({ id: 'Descriptions' });

export type Book = z.output<typeof bookSchema>;
export type BookSummary = z.output<typeof bookSummarySchema>;
export type Chapter = z.output<typeof chapterSchema>;
export type ChapterSummary = z.output<typeof chapterSummarySchema>;
export type Description = z.output<typeof descriptionSchema>;
export type Descriptions = z.output<typeof descriptionsSchema>;
export type BookSearch = z.output<typeof bookSearchSchema>;

export const bookParams = z.object({ id: idParameter });
export const chapterParams = z.object({ id: idParameter, n: idParameter });
export const bookUploadForm = z.object({ file: z.file() });
export const bookUploadedSchema = z.object({ book: bookSchema, job: jobSchema.nullable() });
export const bookListQuery = z.object({
  ...pageQuery.shape,
  /** The book of this very file, to find out before an upload whether it is there: sha256 in hex. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/u, 'Expected 64 hexadecimal digits')
    .optional(),
});
export const bookListSchema = z.object({
  books: z.array(bookSummarySchema),
  next_before: idSchema.nullable(),
});
/** Without a body, the chapter is prepared anew; with one, its class is corrected as well. */
export const reprocessBody = z.strictObject({ is_service_page: z.boolean() }).partial().optional();
export const reprocessedSchema = z.object({
  chapter: chapterSummarySchema,
  /** Null when there is nothing to prepare: the chapter is a service page now. */
  job: jobSchema.nullable(),
});
export const preparedSchema = z.object({
  /** Numbers of the chapters that were not ready. */
  chapters: z.array(z.int().positive()),
  /** Null when nothing was left. */
  job: jobSchema.nullable(),
});
export const imageParams = z.object({ id: idParameter, imageId: z.string().min(1).max(1000) });
/** Bytes, with their media type in the header: for an `img` element rather than for `client.call`. */
export const pictureSchema = z
  .custom<Uint8Array>()
  .describe('A picture: PNG, JPEG, GIF, WebP or SVG');
export const bookSearchQuery = z.object({
  /** Case, the kind of apostrophes and quotation marks, and the width of spaces do not matter. */
  q: z.string().trim().min(2).max(200),
  limit: z.coerce.number<number | string>().int().min(1).max(500).default(100),
});
export const bookSearchSchema = z.object({
  hits: z.array(
    z.object({
      chapter: z.int().positive(),
      /** Offsets into the chapter's text. */
      start: z.int().min(0),
      end: z.int().min(0),
      /** What stands around it, in whole words; `…` at its end where the text goes on. */
      before: z.string(),
      match: z.string(),
      after: z.string(),
    }),
  ),
  /** True when the book has more than were asked for. */
  has_more: z.boolean(),
});
/** What somebody reads on: a browser or a program. */
const readingDeviceSchema = z.strictObject({
  /** A UUID that it makes once, and keeps. */
  id: z.uuid(),
  /** For people: `Firefox · Android`. */
  label: z.string().trim().min(1).max(100),
});
const positionShape = {
  /** 1-based place of the chapter in the book. */
  chapter: z.int().min(1).max(MOST_INTEGER),
  /** Of the first character that is read, in the chapter's text. */
  offset: z.int().min(0).max(MOST_INTEGER),
};
const newPositionSchema = z.strictObject({
  ...positionShape,
  /** When it was read, by the clock of the device. What comes twice from one device and moment is there once. */
  at: timestampSchema.refine((at) => at >= '2000', 'Expected a moment after the year 2000'),
});
/** Where somebody has been, in any order; also what could not be sent when it was read. */
export const positionsBody = z.strictObject({
  device: readingDeviceSchema,
  positions: z.array(newPositionSchema).min(1).max(MOST_POSITIONS_SENT),
});
export const readingPositionSchema = z
  .object({
    device: z.object(readingDeviceSchema.shape),
    ...positionShape,
    /** How much of the book stands before it, from 0 to 1. */
    share: z.number().min(0).max(1),
    /** When it was read; never later than when the server heard of it. */
    at: timestampSchema,
  })
  .meta({ id: 'ReadingPosition' });
/** The last position of each device, newest first. */
export const readingPositionsSchema = z.object({ positions: z.array(readingPositionSchema) });

export type ReadingDevice = z.output<typeof readingDeviceSchema>;
export type NewReadingPosition = z.output<typeof newPositionSchema>;
export type ReadingPosition = z.output<typeof readingPositionSchema>;

export const descriptionsQuery = z.object({ extract_new: flagParameter.default(false) });
