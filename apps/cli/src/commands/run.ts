import { isTerminalStatus, routes, type Client, type Job } from '@scriptorium/contract';
import { bookSummary, countDescriptions } from '../books/book-summary.ts';
import { handIn } from '../books/hand-in.ts';
import { say, tell, type Context } from '../context.ts';
import { awaitJob, showJob, verdictOf } from '../jobs/show-job.ts';
import { connectOrStart } from '../local/connect-or-start.ts';
import { counted, duration, paint, plain } from '../terminal/text.ts';

/** Hands in a document, shows the work on it, and what came of it. Returns the exit code: 0 only if it is completed. */
export async function runFile(file: string, context: Context): Promise<number> {
  const { signal } = context;
  const begun = performance.now();
  await using place = await connectOrStart({
    ...context,
    onStart: (folder) =>
      say(context, [`No server runs, so one is started for this, on ${folder}.`]),
  });
  const { client, address, isOurs } = place;
  signal.throwIfAborted();
  const { book, job, isNew } = await handIn(place, file, signal);
  const title = paint.title(plain(book.title));
  const stored = isOurs ? `${title} is stored.` : `${title} is stored at ${paint.link(address)}.`;
  const known = `${title} was here already: recognised, nothing is done twice.`;
  say(context, [isNew ? stored : known]);
  const end = job === null ? null : await watchToEnd(client, job, isOurs, context);
  const whole = await client.call(routes.books.get, { params: { id: book.id }, signal });
  const seconds = (performance.now() - begun) / 1000;
  const descriptions = countDescriptions(whole);
  tell(context, { book: whole, job: end, is_new: isNew, descriptions, seconds });
  say(context, [
    '',
    ...bookSummary(whole),
    '',
    `  ${counted(descriptions, 'description')} in ${duration(seconds)}.`,
    ...(end === null ? [] : [`  ${verdictOf(end)}`]),
  ]);
  return end === null || end.status === 'completed' ? 0 : 1;
}

async function watchToEnd(
  client: Client,
  job: Job,
  isOurs: boolean,
  context: Context,
): Promise<Job> {
  if (isTerminalStatus(job.status)) return job;
  const options = { client, jobId: job.id, signal: context.signal };
  try {
    return context.isJson
      ? await awaitJob(options)
      : await showJob({ ...options, out: context.out });
  } catch (error) {
    if (context.signal.aborted) {
      say(context, [
        isOurs
          ? `Job ${job.id} is kept, and goes on when a server runs on this folder again.`
          : `Job ${job.id} goes on without you. To see it: scriptorium watch ${job.id}`,
      ]);
    }
    throw error;
  }
}
