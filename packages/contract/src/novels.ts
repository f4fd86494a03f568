import { z } from 'zod';
import {
  codedSchema,
  failureSchema,
  idParameter,
  idSchema,
  pageQuery,
  timestampSchema,
} from './primitives.ts';

/**
 * Which model rewrites: the three names stand for models that the operator configures, `offline` for rules without a
 * model. Without a choice, `balanced` where a model is configured and `offline` where none is.
 */
export const shorteningModelSchema = z.enum(['balanced', 'quality', 'speed', 'offline']);
export type ShorteningModel = z.output<typeof shorteningModelSchema>;

/** What may be asked for on this server: `offline` always, the others where the operator has configured a model. */
export const shorteningModelsSchema = z
  .object({
    models: z.array(shorteningModelSchema),
    /** What is taken without a choice. */
    preset: shorteningModelSchema,
  })
  .meta({ id: 'ShorteningModels' });

/** The most words that a sentence of the result may have. Four is the least that holds a clause in our languages. */
export const sentenceLengthLimitSchema = z.coerce
  .number<number | string>('Expected a number of words such as 12')
  .int()
  .min(4)
  .max(60)
  .default(12);

/** What became of a source sentence. */
export const sentenceLabelSchema = z.enum([
  /** It was short enough and stands as it was. */
  'kept',
  /** Cut by rules, without a model. */
  'split',
  /** Rewritten by a model. */
  'rewritten',
  /** Still longer than asked for. */
  'over_limit',
  /** Not a sentence: a heading, a number, a piece. */
  'fragment',
  /** Written by a person. */
  'edited',
  /** Its part failed or has not been done; only the source is there. */
  'missing',
]);
export type SentenceLabel = z.output<typeof sentenceLabelSchema>;

export const novelChapterSchema = z.object({
  title: z.string(),
  level: z.int().positive(),
  /** The page it begins on, from 1. */
  page: z.int().positive(),
});

export const novelSchema = z
  .object({
    id: idSchema,
    title: z.string(),
    author: z.string().nullable(),
    file_name: z.string(),
    bytes: z.int().min(0),
    /** ISO 639-1, or null when nobody could tell. */
    language: z.string().nullable(),
    /** `measured` where sentences are found by rules with published figures, else `best effort`. */
    language_support: z.enum(['measured', 'best effort']),
    page_count: z.int().positive(),
    words: z.int().min(0),
    sentences: z.int().min(0),
    chapters: z.array(novelChapterSchema),
    /** The first sentences of its first chapter, or of the whole where no chapters are known; without headings. */
    preview: z.array(z.string()),
    warnings: z.array(failureSchema),
    /** The newest job on it. */
    job_id: idSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'Novel' });

export type Novel = z.output<typeof novelSchema>;

export const novelUploadForm = z.object({
  file: z.file().describe('A PDF with a text layer'),
  password: z.string().max(200).optional().describe('For an encrypted file'),
});
export const novelUploadedSchema = z.object({ novel: novelSchema, is_duplicate: z.boolean() });
export const novelListQuery = pageQuery;
export const novelListSchema = z.object({
  novels: z.array(novelSchema),
  next_before: idSchema.nullable(),
});
export const novelParams = z.object({ id: idParameter });

/** A figure that is not known before the work is done: it will lie between the two. */
const range = (unit: string) =>
  z.object({ low: z.number().min(0), high: z.number().min(0) }).describe(unit);

export const estimateSchema = z
  .object({
    /** Pages and sentences: of the whole novel; where something is done again, those that are. */
    pages: z.int().min(0),
    chunks: z.int().min(0),
    sentences: z.int().min(0),
    /** Of these sentences, those longer than the limit: the only ones that a model is asked about. */
    long_sentences: z.int().min(0),
    calls: range('calls of the model'),
    tokens: range('tokens'),
    credits: range('credits'),
    seconds: range('seconds'),
    /** Null where the price of the model is not known. */
    cost_usd: range('US dollars').nullable(),
    gemini_model: shorteningModelSchema,
    /** The model behind the name, or the rules. */
    engine: z.string(),
    /** Parts whose results are stored already: they cost nothing. */
    stored_chunks: z.int().min(0),
  })
  .meta({ id: 'Estimate' });

export type Estimate = z.output<typeof estimateSchema>;

const options = {
  sentence_length_limit: sentenceLengthLimitSchema,
  gemini_model: shorteningModelSchema.optional(),
};

export const estimateQuery = z.object(options);

export const confirmBody = z.strictObject({ novel_id: idSchema, ...options });
export const confirmedSchema = z
  .object({
    /** To be handed to `process-pdf-async`. */
    job_id: idSchema,
    estimate: estimateSchema,
    credits_held: z.number().min(0),
    /** Until when the credits are held for this. */
    expires_at: timestampSchema,
  })
  .meta({ id: 'Confirmation' });

/** Either the file itself or the id of one that is there. */
export const processPdfForm = z.object({
  pdf_file: z.file().optional().describe('A PDF with a text layer'),
  novel_id: idParameter.optional().describe('A novel that was handed in before'),
  job_id: idParameter.optional().describe('From jobs/confirm or credits/reserve'),
  password: z.string().max(200).optional(),
  ...options,
});

export const processingStartedSchema = z
  .object({
    job_id: idSchema,
    novel_id: idSchema,
    task_id: z.string().nullable(),
    status: z.string(),
    message: z.string(),
  })
  .meta({ id: 'ProcessingStarted' });

export const shortenedSentenceSchema = z
  .object({
    /** Its place in the document, from 1: every number once and in order. */
    id: z.int().positive(),
    page: z.int().positive(),
    source: z.string(),
    sentences: z.array(z.string()).readonly(),
    label: sentenceLabelSchema,
    /** The rules that cut it. */
    rules: z.array(z.string()).readonly().exactOptional(),
    /** Sense groups of one sentence that could not be cut: line breaks, not sentences. */
    groups: z.array(z.string()).readonly().exactOptional(),
    notes: z.array(z.string()).readonly().exactOptional(),
    /** The same for programs, one for each; null where only the words are known. */
    notes_coded: z.array(codedSchema.nullable()).readonly().exactOptional(),
    /** Begins a paragraph. */
    is_paragraph_start: z.boolean(),
    is_heading: z.boolean(),
  })
  .meta({ id: 'ShortenedSentence' });

export type ShortenedSentence = z.output<typeof shortenedSentenceSchema>;

/** The proof that nothing was lost and nothing doubled. */
export const auditSchema = z
  .object({
    /** Sentences of the source. */
    expected: z.int().min(0),
    /** Those that the result has an answer for. */
    present: z.int().min(0),
    missing: z.int().min(0),
    doubled: z.int().min(0),
    in_order: z.boolean(),
    /** How many of each label. */
    labels: z.partialRecord(sentenceLabelSchema, z.int().min(0)),
    /** Share of the result's sentences that keep the limit, 0 to 1. */
    share_within_limit: z.number().min(0).max(1),
  })
  .meta({ id: 'Audit' });

export type Audit = z.output<typeof auditSchema>;

const resultShape = {
  job_id: idSchema,
  novel_id: idSchema,
  title: z.string(),
  language: z.string().nullable(),
  sentence_length_limit: z.int(),
  engine: z.string(),
  is_offline: z.boolean(),
  /** Something is missing: the job has not ended, or has gaps. */
  is_partial: z.boolean(),
  gaps: z.array(z.object({ index: z.int().min(0), ...failureSchema.shape })),
  audit: auditSchema,
};

export const novelResultSchema = z
  .object({ ...resultShape, sentences: z.array(shortenedSentenceSchema) })
  .meta({ id: 'NovelResult' });

export type NovelResult = z.output<typeof novelResultSchema>;

export const resultFormatSchema = z.enum(['json', 'txt', 'csv', 'tsv', 'xlsx', 'html', 'epub']);
export type ResultFormat = z.output<typeof resultFormatSchema>;

export const resultQuery = z.object({ format: resultFormatSchema.default('json') });

/** A page of rows for a screen that shows tens of thousands. */
export const sentencesQuery = z.object({
  offset: z.coerce.number<number | string>().int().min(0).default(0),
  limit: z.coerce.number<number | string>().int().min(1).max(1000).default(500),
  label: sentenceLabelSchema.optional(),
  search: z.string().trim().max(200).optional(),
});
export const sentencesSchema = z.object({
  ...resultShape,
  /** How many rows match. */
  total: z.int().min(0),
  sentences: z.array(shortenedSentenceSchema),
});

export const sentenceParams = z.object({ id: idParameter, sentenceId: idParameter });
/** An empty list takes the edit back. */
export const editSentenceBody = z.strictObject({
  sentences: z.array(z.string().trim().min(1).max(5000)).max(50),
});

/** Which sentences of an ended job to do again. */
export const redoBody = z.strictObject({
  sentence_ids: z.array(idSchema).min(1).max(20_000).optional(),
  gemini_model: shorteningModelSchema.optional(),
});
