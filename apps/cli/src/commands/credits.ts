import { routes } from '@scriptorium/contract';
import { say, tell, type Context } from '../context.ts';
import { connect } from '../session/connect.ts';
import { count, pad, paint, plain } from '../terminal/text.ts';

/** Shows what can be spent, what is held, and the newest movements of both. */
export async function showCredits(limit: number, context: Context): Promise<number> {
  const { signal } = context;
  await using place = await connect(context, context.environment);
  const { client } = place;
  const credits = await client.call(routes.credits.balance, { signal });
  const { entries } = await client.call(routes.credits.entries, { query: { limit }, signal });
  tell(context, { credits, entries });
  say(context, [
    `${paint.title(count(credits.available))} credits available, ${count(credits.held)} held.`,
    ...entries.map(({ at, kind, amount, available_after: after, job_id: jobId, note }) =>
      [
        `  ${paint.faint(at.slice(0, 16).replace('T', ' '))}`,
        pad(kind, 8),
        pad(count(amount), 12, 'right'),
        pad(count(after), 12, 'right'),
        jobId === null ? '' : `job ${jobId}`,
        plain(note ?? ''),
      ].join('  '),
    ),
  ]);
  return 0;
}
