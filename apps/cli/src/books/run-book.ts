import { routes } from '@scriptorium/contract';
import { bookSummary, countDescriptions } from './book-summary.ts';
import { handIn } from './hand-in.ts';
import { say, tell, type Context } from '../context.ts';
import { verdictOf } from '../jobs/show-job.ts';
import { watchToEnd } from '../jobs/watch-to-end.ts';
import { connectOrStart } from '../local/connect-or-start.ts';
import { counted, duration, paint, plain } from '../terminal/text.ts';

/** Hands in a book, shows the work on it, and what came of it. Returns the exit code: 0 only if it is completed. */
export async function runBook(file: string, context: Context): Promise<number> {
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
