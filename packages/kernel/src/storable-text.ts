/**
 * A text as PostgreSQL takes it: without NUL, and without the half of a surrogate pair that cutting a text leaves behind. Texts of
 * pipelines go into statements that serve others as well, such as the heartbeat of all running works.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\u{fffd}');
}

/** How JSON writes a NUL, and half of a pair. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/u;

/** A value as JSON that PostgreSQL takes as `jsonb`: all its texts are {@link storableText}. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // Nearly all are; looking at every text of an answer takes five times as long as writing it.
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner === 'string') return storableText(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([name, each]) => [storableText(name), each]),
    );
  });
}
