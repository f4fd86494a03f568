/** A page of a list that is read newest first, and where the next one begins. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextBefore: number | null;
}

/** Makes a page of one row more than it shows: the statement asks for `limit + 1`, and the last row tells that there is more. */
export function pageOf<Row extends { readonly id: number }>(
  rows: readonly Row[],
  limit: number,
): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown,
    nextBefore: rows.length > limit && last !== undefined ? last.id : null,
  };
}
