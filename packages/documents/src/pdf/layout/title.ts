import { shortLine } from '../../content/clean.ts';
import type { Draft } from './paragraphs.ts';

/** Names of files and of the programs that wrote them. */
const NO_TITLE =
  /^(?:microsoft word\b.*|untitled.*|unknown|sans titre.*|без имени.*|.*\.(?:docx?|odt|rtf|indd|qxd|tex|pdf|pages))$/iu;

/** The metadata's title, else the largest heading of the first page that has text. */
export function documentTitle(declared: string | null, drafts: readonly Draft[]): string | null {
  const title = shortLine(declared ?? '');
  if (title !== '' && !NO_TITLE.test(title)) return title;
  const page = drafts[0]?.lines[0]?.page;
  const headings = drafts.filter(
    ({ heading, lines }) => heading?.wording === null && lines[0]?.page === page,
  );
  const largest = headings.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0];
  return largest ? shortLine(largest.paragraph.text.replaceAll('\n', '. ')) : null;
}

function sizeOf({ lines }: Draft): number {
  return lines[0]?.size ?? 0;
}
