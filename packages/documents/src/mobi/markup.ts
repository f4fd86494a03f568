import { cleanLine } from '../content/clean.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, isElement, textOf } from '../markup/dom.ts';
import { headingKind } from '../txt/headings.ts';
import { DEFAULT_SIZE, parseSize } from './font-sizes.ts';
import { anchorName, parseFilepos } from './pages.ts';

/** Pictures are numbered; this is the path they have for the converter. */
export const IMAGE_PATH = /^recindex\/(\d{1,10})$/;

export interface MarkupContext {
  /** The page a link leads to. */
  pathOf: (filepos: number) => string | null;
  /** The font size of most of the book. */
  usualSize: number;
}

/** How text stands where it stands. */
interface Style {
  size: number;
  isBold: boolean;
  isCentred: boolean;
}

/** What an element contains. */
interface Content {
  characters: number;
  /** Font size of its smallest text. */
  size: number;
  isBold: boolean;
  hasBlock: boolean;
  hasHeading: boolean;
  /** Text or pictures outside of headings. */
  hasLoose: boolean;
  hasLink: boolean;
}

const BLOCKS = /^(p|div|blockquote|center|h[1-6]|[uo]l|li|table|tr|td|th|pre|hr)$/;
const MAYBE_HEADING = /^(p|div|blockquote|center)$/;
const MAX_HEADING_CHARACTERS = 200;

/**
 * Rewrites a page of MOBI into the XHTML it was once made from: `filepos` and `recindex` become `href`
 * and `src`, and paragraphs that look like headings become headings. Headings have no element of their
 * own here: they are larger than the text, or centred and bold, or worded like one.
 */
export function restoreXhtml(page: Element, context: MarkupContext): void {
  let isFirst = true;

  const visit = (element: Element, outer: Style): Content => {
    const name = element.local;
    restoreLinks(element, name, context);
    const style = styleOf(element, name, outer);
    const content = contentOf(element, style);
    if (name === 'img') content.hasLoose = true;
    if (name === 'a') content.hasLink ||= attribute(element, 'href') !== null;
    if (/^h[1-6]$/.test(name)) content.hasHeading = true;
    else if (MAYBE_HEADING.test(name) && !content.hasBlock) {
      const level = headingLevel(element, content, style, { ...context, isFirst });
      if (level !== null) element.local = `h${level}`;
      content.hasHeading = level !== null;
    } else if (name === 'blockquote' && content.hasHeading && !content.hasLoose) {
      // An indent of the heading, no quotation.
      element.local = 'div';
    }
    if (BLOCKS.test(name)) {
      if (content.hasHeading && !content.hasBlock) content.hasLoose = false;
      content.hasBlock = true;
      if (content.characters > 0) isFirst = false;
    }
    return content;
  };

  const contentOf = (parent: Element, style: Style): Content => {
    const sum: Content = {
      characters: 0,
      size: Infinity,
      isBold: true,
      hasBlock: false,
      hasHeading: false,
      hasLoose: false,
      hasLink: false,
    };
    for (const child of parent.children) {
      if (isElement(child)) addContent(sum, visit(child, style));
      else if (/\S/.test(child)) {
        addContent(sum, {
          characters: child.length,
          size: style.size,
          isBold: style.isBold,
          hasBlock: false,
          hasHeading: false,
          hasLoose: true,
          hasLink: false,
        });
      }
    }
    return sum;
  };

  contentOf(page, { size: DEFAULT_SIZE, isBold: false, isCentred: false });
}

function addContent(sum: Content, more: Content): void {
  sum.characters += more.characters;
  sum.size = Math.min(sum.size, more.size);
  sum.isBold &&= more.isBold;
  sum.hasBlock ||= more.hasBlock;
  sum.hasHeading ||= more.hasHeading;
  sum.hasLoose ||= more.hasLoose;
  sum.hasLink ||= more.hasLink;
}

function restoreLinks(element: Element, name: string, { pathOf }: MarkupContext): void {
  const { attribs } = element;
  const filepos = name === 'a' ? parseFilepos(attribs['filepos']) : null;
  const path = filepos === null ? null : pathOf(filepos);
  if (filepos !== null && path !== null) attribs['href'] = `${path}#${anchorName(filepos)}`;
  if (name !== 'img') return;
  delete attribs['src'];
  const index = /^\d{1,10}$/.exec(attribs['recindex'] ?? '')?.[0];
  if (index !== undefined) attribs['src'] = `recindex/${Number(index)}`;
}

function styleOf(element: Element, name: string, outer: Style): Style {
  const style = { ...outer };
  const align = element.attribs['align']?.toLowerCase();
  if (name === 'font') style.size = parseSize(element.attribs['size']) ?? outer.size;
  if (name === 'b' || name === 'strong') style.isBold = true;
  if (name === 'center') style.isCentred = true;
  else if (align !== undefined && name !== 'img') style.isCentred = align === 'center';
  return style;
}

/** From 1 (largest); level 4 is a heading that begins no chapter. Null for text. */
function headingLevel(
  element: Element,
  content: Content,
  style: Style,
  { usualSize, isFirst }: { usualSize: number; isFirst: boolean },
): number | null {
  const { characters, size, isBold, hasLink } = content;
  if (characters === 0 || characters > MAX_HEADING_CHARACTERS || hasLink) return null;
  const text = cleanLine(textOf(element));
  if (!/[\p{L}\p{N}]/u.test(text)) return null;
  const larger = size - usualSize;
  if (larger >= 4) return 1;
  if (larger === 3) return 2;
  // A size more is what some converters make of italics.
  if (larger === 2) return 3;
  const kind = headingKind(text) ?? (/^\d{1,3}\.?$/.test(text) ? 'chapter' : null);
  // A mere number may be anything in the middle of a page.
  const isPlaced = style.isCentred || isFirst || /\p{L}{4}/u.test(text);
  if (kind !== null && isPlaced) return kind === 'part' ? 2 : 3;
  if (!style.isCentred || !isBold) return null;
  return isFirst ? 3 : 4;
}
