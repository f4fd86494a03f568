import path from 'node:path';
import { routes, type ResultFormat, type ShorteningModel } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';
import { say, tell, type Context } from '../context.ts';
import { verdictOf } from '../jobs/show-job.ts';
import { watchToEnd } from '../jobs/watch-to-end.ts';
import { connectOrStart } from '../local/connect-or-start.ts';
import { duration, paint, plain } from '../terminal/text.ts';
import { download, formatOf } from './download-result.ts';
import { handInNovel } from './hand-in-novel.ts';
import { auditLine, estimateLines, novelLines } from './novel-lines.ts';

export interface NovelRunOptions {
  readonly maxWords: number;
  /** Default: the server's own. */
  readonly model?: ShorteningModel;
  /** Where the result goes; its ending says the format. */
  readonly out?: string;
  readonly password?: string;
}

/** Hands in a PDF, shows what it will take and the work on it, and writes the result. Returns 0 only if it is completed. */
export async function runNovel(
  file: string,
  options: NovelRunOptions,
  context: Context,
): Promise<number> {
  const { signal } = context;
  const format = options.out === undefined ? undefined : formatFor(options.out);
  const begun = performance.now();
  await using place = await connectOrStart({
    ...context,
    onStart: (folder) =>
      say(context, [`No server runs, so one is started for this, on ${folder}.`]),
  });
  const { client, isOurs } = place;
  const { novel, isNew } = await handInNovel(place, file, { password: options.password, signal });
  say(context, [
    ...novelLines(novel),
    ...(isNew ? [] : ['  It was here already: recognised, nothing is done twice.']),
  ]);
  const wanted = {
    sentence_length_limit: options.maxWords,
    ...(options.model === undefined ? {} : { gemini_model: options.model }),
  };
  const {
    job_id: confirmed,
    estimate,
    credits_held: held,
  } = await client.call(routes.novels.confirm, { body: { novel_id: novel.id, ...wanted }, signal });
  say(context, [...estimateLines(estimate), '']);
  const { job_id: jobId } = await client.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, ...wanted, job_id: confirmed },
    signal,
  });
  const job = await client.call(routes.jobs.get, { params: { id: jobId }, signal });
  const end = await watchToEnd(client, job, isOurs, context);
  const { audit } = await client.call(routes.novels.sentences, {
    params: { id: jobId },
    query: { limit: 1 },
    signal,
  });
  const receipt = await client.call(routes.credits.receipt, { params: { id: jobId }, signal });
  const saved =
    options.out === undefined || format === undefined
      ? undefined
      : await download(place, { jobId, format, out: options.out, signal });
  const seconds = (performance.now() - begun) / 1000;
  tell(context, { novel, job: end, audit, receipt, out: saved ?? null, is_new: isNew, seconds });
  say(context, [
    `  ${auditLine(audit)}`,
    ...(held === 0 || receipt.credits === null
      ? []
      : [
          `  ${receipt.credits.settled ?? 0} credits used, ${receipt.credits.returned ?? 0} returned.`,
        ]),
    `  ${verdictOf(end)} ${paint.faint(duration(seconds))}`,
    ...(saved === undefined
      ? [`  To have it: scriptorium result ${jobId} --out ${plain(path.parse(file).name)}.csv`]
      : [`  Written to ${paint.link(saved)}`]),
  ]);
  return end.status === 'completed' ? 0 : 1;
}

/** @throws CliError for an ending that names no format, before anything is handed in */
export function formatFor(out: string): ResultFormat {
  const format = formatOf(out);
  if (format !== undefined) return format;
  throw new CliError(
    'cli.unknown_format',
    `${out} ends in no format that a result is written in.`,
    { exitCode: 2, remedy: 'end it in .json, .txt, .csv, .tsv, .xlsx, .html or .epub' },
  );
}
