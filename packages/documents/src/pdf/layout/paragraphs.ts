import type { PageParagraph } from '../pages.ts';
import { boundary } from './boundary.ts';
import type { Boundary } from './boundary.ts';
import type { FlowLine } from './flow-line.ts';
import { headingWording } from './heading-pattern.ts';
import type { Heading } from './headings.ts';
import type { KeepsHyphen } from './hyphens.ts';
import { isOfSize } from './measure.ts';
import { splitNotes } from './page-notes.ts';

/** A paragraph with the lines it was made of. */
export interface Draft {
  lines: readonly FlowLine[];
  heading: Heading | null;
  paragraph: PageParagraph;
}

export interface ParagraphContext {
  bodySize: number;
  usualIndent: number;
  headings: ReadonlyMap<FlowLine, Heading>;
  keepsHyphen: KeepsHyphen;
}

/** Joins the lines of all pages, in order of reading, to paragraphs. Footnotes follow the paragraph they interrupt. */
export function buildParagraphs(
  pages: readonly (readonly FlowLine[])[],
  context: ParagraphContext,
): Draft[] {
  const drafts: Draft[] = [];
  let open: FlowLine[] = [];
  let notes: FlowLine[] = [];
  const close = (): void => {
    if (open.length > 0) drafts.push(toDraft(open, context));
    open = [];
    if (notes.length === 0) return;
    for (const note of groupLines(notes, context)) drafts.push(toDraft(note, context));
    notes = [];
  };
  for (const [i, page] of pages.entries()) {
    const next = pages.slice(i + 1, i + 4).find((lines) => lines.length > 0);
    const { text, notes: onPage } = splitNotes(page, next, context.bodySize);
    for (const line of text) {
      const before = open.at(-1);
      if (before && between(before, line, context) === 'paragraph') close();
      open.push(line);
    }
    notes.push(...onPage);
  }
  close();
  return drafts;
}

function groupLines(lines: readonly FlowLine[], context: ParagraphContext): FlowLine[][] {
  const groups: FlowLine[][] = [];
  for (const line of lines) {
    const before = groups.at(-1)?.at(-1);
    if (before && between(before, line, context) !== 'paragraph') groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups;
}

function between(a: FlowLine, b: FlowLine, context: ParagraphContext): Boundary {
  const heading = context.headings.get(a);
  if (heading !== context.headings.get(b)) return 'paragraph';
  if (!heading) return boundary(a, b, context);
  // A number and the name below it are two lines of one title; a wrapped name is one.
  const isWrapped = isOfSize(a, b.size) && headingWording(a.text) === null;
  return isWrapped || a.hasHyphen ? 'space' : 'line';
}

function toDraft(lines: readonly FlowLine[], context: ParagraphContext): Draft {
  const [first] = lines;
  const heading = (first && context.headings.get(first)) ?? null;
  let text = '';
  const pages: { offset: number; page: number }[] = [];
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1];
    const next = lines[i + 1];
    if (before && !before.hasHyphen) text += between(before, line, context) === 'line' ? '\n' : ' ';
    if (pages.at(-1)?.page !== line.page + 1)
      pages.push({ offset: text.length, page: line.page + 1 });
    text += line.text;
    if (line.hasHyphen && (!next || context.keepsHyphen(line.text, next.text))) text += '-';
  }
  return {
    lines,
    heading,
    paragraph: { kind: heading ? 'heading' : 'text', ...compose(text, pages) },
  };
}

/** NFC over the seams too: a line may begin with the accent of the letter before it. */
function compose(
  text: string,
  pages: { offset: number; page: number }[],
): Pick<PageParagraph, 'text' | 'pages'> {
  const composed = text.normalize('NFC');
  if (composed === text) return { text, pages };
  let length = 0;
  const moved = pages.map(({ offset, page }, i) => {
    length += text.slice(pages[i - 1]?.offset ?? 0, offset).normalize('NFC').length;
    return { offset: Math.min(length, composed.length), page };
  });
  return { text: composed, pages: moved };
}
