import { createHash } from 'node:crypto';
import type { Pool, PoolClient, QueryResultRow } from 'pg';

/** Whatever runs a statement: a pool, a client, a transaction. */
export interface Queryable {
  query<Row extends QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/**
 * The same connections, whose statements are planned once each, not once a call: see {@link statementName}. For what is found by its key. A
 * look into a queue, which may grow a thousandfold in a minute, is planned anew: the plan for a small table stays until the next ANALYZE.
 */
export function prepared(connections: Pick<Pool | PoolClient, 'query'>): Queryable {
  return {
    query: (text, values = []) => {
      const name = statementName(text);
      return connections.query(name === undefined ? { text, values } : { name, text, values });
    },
  };
}

/** The kernel has some eighty; each is kept by every connection, on both of its sides, for as long as it lives. */
const MAX_NAMES = 300;

const names = new Map<string, string>();
const seenOnce = new Set<string>();

/**
 * The same text is the same prepared statement: planned once a connection, not once a call. Planning the statements of one
 * record took as long as running them.
 *
 * A text gets its name when it comes for the second time. One that a hook puts together anew for every call never does, or there would be
 * no end to the statements that the connections keep.
 *
 * @returns undefined for a text that is to be planned for this call only
 */
function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  const name = createHash('sha1').update(text).digest('base64url');
  if (seenOnce.delete(name)) names.set(text, name);
  else seenOnce.add(name);
  const [oldest] = seenOnce;
  if (seenOnce.size > MAX_NAMES && oldest !== undefined) seenOnce.delete(oldest);
  return names.get(text);
}
