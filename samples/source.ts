/**
 * Reads the sample book's source, one file a language, in a small Markdown of its own:
 *
 *     ---                            front matter: one `key: value` a line; METADATA_KEYS are all required
 *     title: The Fire Copy
 *     ---
 *     # Label | Title {type}         a section. `Label | ` and `{type}` are optional; without a type it is a chapter.
 *                                    Types are those of SECTION_TYPES, which are words of EPUB's structural vocabulary;
 *                                    chapters after a `part` belong to it
 *     One line is one paragraph.     with *emphasis* and note references[^1]
 *     | A verse,                     lines of a poem
 *     | and the next
 *     > Words of another             a quotation; its line that begins with a dash says whose
 *     > — whose
 *     [^1]: A note.                  anywhere; notes are numbered from 1 in the order of their references
 *
 * Blank lines separate blocks. A `toc` or `endnotes` section has no blocks: the writers fill it.
 * The sources are typed with plain spaces: the no-break spaces of French and Russian are set here.
 */

const METADATA_KEYS = [
  'title',
  'subtitle',
  'author',
  'language',
  'date',
  'identifier',
  'publisher',
  'rights',
  'subject',
  'description',
  'cover',
] as const;

const SECTION_TYPES = [
  'titlepage',
  'copyright-page',
  'toc',
  'epigraph',
  'prologue',
  'part',
  'chapter',
  'epilogue',
  'endnotes',
] as const;

type MetadataKey = (typeof METADATA_KEYS)[number];
export type Metadata = Readonly<Record<MetadataKey, string>>;
export type SectionType = (typeof SECTION_TYPES)[number];

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'emphasis'; text: string }
  | { kind: 'noteref'; number: number };

export type Block =
  | { kind: 'paragraph'; inlines: Inline[] }
  | { kind: 'verse'; lines: Inline[][] }
  | { kind: 'quotation'; paragraphs: Inline[][]; attribution: Inline[] | undefined };

export interface Section {
  type: SectionType;
  /** What the section is called by its place, such as "Chapter One". */
  label: string | undefined;
  title: string;
  blocks: Block[];
}

export interface SampleBook {
  metadata: Metadata;
  sections: Section[];
  /** The notes' texts; note 1 is the first. */
  notes: Inline[][];
}

/** A source that is not what the grammar above says. The message names the line. */
export class SampleSourceError extends Error {
  readonly code = 'sample.source_invalid';
}

/** Parses one language's source. Throws SampleSourceError. */
export function parseSource(source: string): SampleBook {
  const lines = source.split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    throw new SampleSourceError('The source must begin with front matter between two lines "---".');
  }
  const metadata = parseMetadata(lines.slice(1, end));
  const typeset = (text: string) => setSpaces(text, metadata.language);
  const inlinesOf = (text: string) => parseInlines(typeset(text));
  const sections: Section[] = [];
  const notes = new Map<number, Inline[]>();

  for (const { block, lineNumber } of blocksOf(lines, end + 1)) {
    const [first = ''] = block;
    const note = /^\[\^(\d+)\]: (.+)$/.exec(first);
    const section = sections.at(-1);
    if ((first.startsWith('# ') || note) && block.length > 1) {
      throw new SampleSourceError(`Line ${lineNumber}: a heading or a note stands alone.`);
    }
    if (first.startsWith('# ')) sections.push(parseHeading(typeset(first), lineNumber));
    else if (note?.[1] && note[2]) notes.set(Number(note[1]), inlinesOf(note[2]));
    else if (section) section.blocks.push(parseBlock(block, inlinesOf, lineNumber));
    else throw new SampleSourceError(`Line ${lineNumber}: text before the first heading.`);
  }
  return { metadata, sections, notes: inOrderOfReference(sections, notes) };
}

/** The runs of lines between blank ones, each with the number of its first line. */
function blocksOf(lines: string[], from: number): { block: string[]; lineNumber: number }[] {
  const blocks: { block: string[]; lineNumber: number }[] = [];
  let isInBlock = false;
  for (const [offset, line] of lines.slice(from).entries()) {
    if (line !== '' && isInBlock) blocks.at(-1)?.block.push(line);
    else if (line !== '') blocks.push({ block: [line], lineNumber: from + offset + 1 });
    isInBlock = line !== '';
  }
  return blocks;
}

/** A section's label and title on one line, as a table of contents shows it. */
export function sectionName(section: Section): string {
  return section.label ? `${section.label}. ${section.title}` : section.title;
}

export interface TocEntry {
  section: Section;
  children: Section[];
}

/** The table of contents: every section but the contents themselves, chapters under their part. */
export function tableOfContents(book: SampleBook): TocEntry[] {
  const entries: TocEntry[] = [];
  for (const section of book.sections) {
    const parent = entries.at(-1);
    if (section.type === 'chapter' && parent?.section.type === 'part')
      parent.children.push(section);
    else if (section.type !== 'toc') entries.push({ section, children: [] });
  }
  return entries;
}

/** The numbers of the notes that a section refers to, in reading order. */
export function noterefs(section: Section): number[] {
  return section.blocks
    .flatMap(blockInlines)
    .flatMap((inline) => (inline.kind === 'noteref' ? [inline.number] : []));
}

function blockInlines(block: Block): Inline[] {
  switch (block.kind) {
    case 'paragraph':
      return block.inlines;
    case 'verse':
      return block.lines.flat();
    case 'quotation':
      return [...block.paragraphs.flat(), ...(block.attribution ?? [])];
  }
}

function parseMetadata(lines: string[]): Metadata {
  const values = new Map(
    lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const language = values.get('language') ?? '';
  const value = (key: MetadataKey) => {
    const text = values.get(key);
    if (!text) throw new SampleSourceError(`The front matter lacks "${key}".`);
    return setSpaces(text, language);
  };
  return {
    title: value('title'),
    subtitle: value('subtitle'),
    author: value('author'),
    language: value('language'),
    date: value('date'),
    identifier: value('identifier'),
    publisher: value('publisher'),
    rights: value('rights'),
    subject: value('subject'),
    description: value('description'),
    cover: value('cover'),
  };
}

function parseHeading(line: string, lineNumber: number): Section {
  const [, label, title, typeName = 'chapter'] =
    /^# (?:(.+?) \| )?(.+?)(?: \{([a-z-]+)\})?$/u.exec(line) ?? [];
  const type = SECTION_TYPES.find((known) => known === typeName);
  if (!title || !type) {
    throw new SampleSourceError(
      `Line ${lineNumber}: "${line}" is not "# Label | Title {type}" with a type of ${SECTION_TYPES.join(', ')}.`,
    );
  }
  return { type, label, title, blocks: [] };
}

function parseBlock(
  lines: string[],
  inlinesOf: (text: string) => Inline[],
  lineNumber: number,
): Block {
  const allBegin = (marker: string) => lines.every((line) => line.startsWith(marker));
  const contents = lines.map((line) => inlinesOf(line.slice(2)));
  if (allBegin('| ')) return { kind: 'verse', lines: contents };
  if (allBegin('> ')) {
    const attribution = lines.at(-1)?.startsWith('> — ') ? contents.at(-1) : undefined;
    return {
      kind: 'quotation',
      paragraphs: attribution ? contents.slice(0, -1) : contents,
      attribution,
    };
  }
  const [only, second] = lines;
  if (only === undefined || second !== undefined) {
    throw new SampleSourceError(
      `Line ${lineNumber}: a paragraph is one line; separate two with a blank line.`,
    );
  }
  return { kind: 'paragraph', inlines: inlinesOf(only) };
}

function parseInlines(text: string): Inline[] {
  const inlines: Inline[] = [];
  for (const piece of text.split(/(\*[^*]+\*|\[\^\d+\])/)) {
    if (piece.startsWith('*')) inlines.push({ kind: 'emphasis', text: piece.slice(1, -1) });
    else if (piece.startsWith('[^'))
      inlines.push({ kind: 'noteref', number: Number(piece.slice(2, -1)) });
    else if (piece !== '') inlines.push({ kind: 'text', text: piece });
  }
  return inlines;
}

function inOrderOfReference(sections: Section[], notes: Map<number, Inline[]>): Inline[][] {
  const ordered = sections.flatMap(noterefs).map((number, index) => {
    const note = notes.get(number);
    if (!note || number !== index + 1) {
      throw new SampleSourceError(
        `Note reference ${number}: expected [^${index + 1}] here, with a line "[^${index + 1}]: …".`,
      );
    }
    return note;
  });
  if (notes.size > ordered.length)
    throw new SampleSourceError('A note is never referred to: remove it.');
  return ordered;
}

/**
 * Sets no-break spaces by the rules of the language. French: narrow before ; ! ? and full before a colon and inside
 * guillemets (Lexique des règles typographiques de l'Imprimerie nationale). Russian: before a dash inside a line.
 */
function setSpaces(text: string, language: string): string {
  if (language === 'fr') {
    return text
      .replaceAll(/ (?=[;!?])/g, '\u202f')
      .replaceAll(/ (?=[:»])|(?<=«) |(?<=\bM\.|n°|^—) /g, '\u00a0');
  }
  if (language === 'ru') return text.replaceAll(/ (?=—)|(?<=№|^—) /g, '\u00a0');
  return text;
}
