import { routes } from '@scriptorium/contract';
import { say, tell, type Context } from '../context.ts';
import { connectOrStart } from '../local/connect-or-start.ts';
import { download } from '../novels/download-result.ts';
import { handInNovel } from '../novels/hand-in-novel.ts';
import { estimateLines, novelLines } from '../novels/novel-lines.ts';
import { formatFor, type NovelRunOptions } from '../novels/run-novel.ts';
import { connect } from '../session/connect.ts';
import { paint } from '../terminal/text.ts';

/** Says what shortening a PDF will take. Nothing is held and nothing is spent; the PDF stays handed in. */
export async function estimateFile(
  file: string,
  { maxWords, model, password }: NovelRunOptions,
  context: Context,
): Promise<number> {
  const { signal } = context;
  await using place = await connectOrStart({
    ...context,
    onStart: (folder) =>
      say(context, [`No server runs, so one is started for this, on ${folder}.`]),
  });
  const { novel } = await handInNovel(place, file, { password, signal });
  const estimate = await place.client.call(routes.novels.estimate, {
    params: { id: novel.id },
    query: {
      sentence_length_limit: maxWords,
      ...(model === undefined ? {} : { gemini_model: model }),
    },
    signal,
  });
  tell(context, { novel, estimate });
  say(context, [...novelLines(novel), ...estimateLines(estimate)]);
  return 0;
}

/** Writes what a job has made, also while it runs. */
export async function saveResult(jobId: number, out: string, context: Context): Promise<number> {
  const format = formatFor(out);
  await using place = await connect(context, context.environment);
  const saved = await download(place, { jobId, format, out, signal: context.signal });
  tell(context, { out: saved });
  say(context, [`Written to ${paint.link(saved)}`]);
  return 0;
}
