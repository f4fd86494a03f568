/**
 * A text as PostgreSQL takes it: without NUL, and without the half of a surrogate pair that cutting a text leaves behind. Texts of
 * pipelines go into statements that serve others as well, such as the heartbeat of all running works.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\u{fffd}');
}
