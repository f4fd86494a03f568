import { routes, type Book, type Client, type Description } from '@scriptorium/contract';
import { clip, COLUMNS, paint, plain, wrap } from '../terminal/text.ts';

/** A description, and the sentences around it. */
export interface Finding {
  readonly chapter: string;
  readonly kind: Description['kind'];
  readonly confidence: number;
  readonly before: string;
  readonly quote: string;
  readonly after: string;
}

export interface BestDescriptions {
  readonly findings: readonly Finding[];
  /** Who found them: `offline rules, no model`. */
  readonly engine: string;
}

/** Variety says more than the highest numbers: no more than this from one chapter, or of one kind, while there are others. */
const MOST_ALIKE = 2;
/** Context on either side, in UTF-16 code units; the quote itself is shown whole up to three times that. */
const CONTEXT = 120;

/** The descriptions of a book that are surest, of several chapters and kinds, each in its context. */
export async function bestDescriptions(
  client: Client,
  book: Book,
  options: { readonly most: number; readonly signal: AbortSignal },
): Promise<BestDescriptions> {
  const { most, signal } = options;
  let engine = '';
  const findings: Finding[] = [];
  for (const { number, title, status } of book.chapters) {
    if (status !== 'ready') continue;
    const input = { params: { id: book.id, n: number }, signal };
    const [chapter, found] = await Promise.all([
      client.call(routes.books.chapter, input),
      client.call(routes.books.descriptions, { ...input, query: {} }),
    ]);
    engine = found.engine_label ?? engine;
    findings.push(
      ...found.descriptions.map((each) => inContext(each, title, chapter.text, book.language)),
    );
  }
  return { findings: variety(findings, most), engine };
}

function variety(findings: readonly Finding[], most: number): Finding[] {
  const ranked = findings.toSorted((a, b) => b.confidence - a.confidence);
  const chosen: Finding[] = [];
  for (const finding of ranked) {
    const alike = (key: 'chapter' | 'kind') =>
      chosen.filter((each) => each[key] === finding[key]).length;
    if (alike('chapter') < MOST_ALIKE && alike('kind') < MOST_ALIKE) chosen.push(finding);
  }
  const rest = ranked.filter((finding) => !chosen.includes(finding));
  return [...chosen, ...rest].slice(0, most);
}

function inContext(
  { kind, confidence, start, end }: Description,
  chapter: string,
  text: string,
  language: string | null,
): Finding {
  const sentences = [
    ...new Intl.Segmenter(language ?? undefined, { granularity: 'sentence' }).segment(text),
  ];
  const first = sentences.findIndex(({ index, segment }) => index + segment.length > start);
  const last = sentences.findIndex(({ index, segment }) => index + segment.length >= end);
  // The sentences that the quote is a part of; if it fills them, the one before as well.
  const from = sentences[first]?.index === start ? sentences[first - 1] : sentences[first];
  const to = sentences[last] ?? { index: end, segment: '' };
  const contextStart = Math.max(from?.index ?? start, start - CONTEXT);
  const contextEnd = Math.min(to.index + to.segment.length, end + CONTEXT);
  return {
    chapter: plain(chapter),
    kind,
    confidence,
    before: plain(text.slice(contextStart, start)),
    quote: clip(plain(text.slice(start, end)), CONTEXT * 3),
    after: plain(text.slice(end, contextEnd)),
  };
}

/** Findings as paragraphs with a margin; the quote stands between angle marks, and its context is fainter where that is possible. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding) => {
    const { chapter, kind, confidence } = finding;
    const facts = `${kind}, confidence ${confidence.toFixed(2)}`;
    const title = clip(chapter, COLUMNS - 4 - facts.length);
    return ['', `  ${paint.title(title)}  ${paint.faint(facts)}`, ...quoteLines(finding)];
  });
}

function quoteLines({ before, quote, after }: Finding): string[] {
  const lines = wrap(`${before} ‹${quote}› ${after}`.trim(), COLUMNS - 4);
  let isQuote = false;
  return lines.map((line) => {
    const parts = line.split(/(?=‹)|(?<=›)/u).map((part) => {
      isQuote ||= part.startsWith('‹');
      const shown = isQuote ? part : paint.faint(part);
      isQuote &&= !part.endsWith('›');
      return shown;
    });
    return `  ${parts.join('')}`;
  });
}
