import type { Description } from '@scriptorium/contract';
import { makeButton, readChapterHtml, type MarkNames } from './chapter-dom.ts';
import { mapText, type TextMap } from './text-map.ts';

export type Kind = Description['kind'];
export const KINDS = ['place', 'character', 'atmosphere', 'object'] as const satisfies Kind[];

export interface ViewNames extends MarkNames {
  gloss(description: Description): string;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A chapter that stands on the page: the one place that knows both its offsets and its DOM. */
export interface ChapterView {
  /** Underlines the passages in the colours of their kinds and sets a mark behind each, that can be focused. */
  showDescriptions(descriptions: readonly Description[]): void;
  /** Lights a passage and its mark; without an id, none. */
  light(id: number | undefined): void;
  showFound(stretches: readonly Stretch[]): void;
  markOf(id: number): HTMLElement | undefined;
  /** Pixels from the top of the window to the line of a character. */
  topOf(offset: number): number;
  /** The first character of the line that stands at so many pixels from the top of the window, or comes next. */
  offsetAt(top: number): number;
  /** The character under a point of the window; undefined beside the text. */
  offsetAtPoint(x: number, y: number): number | undefined;
  close(): void;
}

/** Names under which reader.css paints; one reader is on the page at a time. */
const LIT = 'reader-lit';
const FOUND = 'reader-found';
const PAINTED = [...KINDS.map((kind) => `reader-${kind}`), LIT, FOUND];

/** Browsers without the Highlight API show the marks alone. */
const painter = 'highlights' in CSS ? CSS.highlights : undefined;

function paint(name: string, ranges: readonly (Range | undefined)[]): void {
  painter?.set(name, new Highlight(...ranges.filter((range) => range !== undefined)));
}

/** Draws a chapter into an element that is empty or holds another chapter. */
export function openChapterView(root: HTMLElement, html: string, names: ViewNames): ChapterView {
  root.replaceChildren(readChapterHtml(html, names));
  let map = mapText(root);
  let shown: readonly Description[] = [];
  const marks = new Map<number, HTMLElement>();

  return {
    showDescriptions(descriptions) {
      for (const mark of marks.values()) mark.remove();
      marks.clear();
      root.normalize();
      map = mapText(root);
      // From the end: a mark that is set splits a text node behind the places that are still to be found.
      for (const description of descriptions.toSorted((a, b) => b.end - a.end)) {
        const mark = setMark(map, description, names.gloss(description));
        if (mark !== undefined) marks.set(description.id, mark);
      }
      map = mapText(root);
      shown = descriptions;
      for (const kind of KINDS) {
        const ofKind = descriptions.filter((description) => description.kind === kind);
        paint(
          `reader-${kind}`,
          ofKind.map(({ start, end }) => map.range(start, end)),
        );
      }
    },
    light(id) {
      for (const [other, mark] of marks) mark.toggleAttribute('data-lit', other === id);
      const lit = shown.filter((description) => description.id === id);
      paint(
        LIT,
        lit.map(({ start, end }) => map.range(start, end)),
      );
    },
    showFound(stretches) {
      paint(
        FOUND,
        stretches.map(({ start, end }) => map.range(start, end)),
      );
    },
    markOf: (id) => marks.get(id),
    topOf: (offset) => topOf(root, map, offset),
    offsetAt: (top) => offsetAt(root, map, top),
    offsetAtPoint: (x, y) => offsetAtPoint(root, map, x, y),
    close() {
      for (const name of PAINTED) painter?.delete(name);
    },
  };
}

/** An element without text, so that no offset changes by it. */
function setMark(map: TextMap, description: Description, name: string): HTMLElement | undefined {
  const range = map.range(description.start, description.end);
  if (range === undefined) return undefined;
  const mark = document.createElement('a');
  mark.className = 'gloss';
  mark.dataset['gloss'] = String(description.id);
  mark.dataset['kind'] = description.kind;
  makeButton(mark, name);
  const link = range.endContainer.parentElement?.closest('a');
  range.collapse(false);
  if (link instanceof HTMLElement) link.after(mark);
  else range.insertNode(mark);
  return mark;
}

function topOf(root: HTMLElement, map: TextMap, offset: number): number {
  const at = Math.max(0, Math.min(offset, map.length - 1));
  return drawnFrom(map, at)?.box.top ?? root.getBoundingClientRect().bottom;
}

/** By halves: the lines of a text stand below one another in the order of its characters. */
function offsetAt(root: HTMLElement, map: TextMap, top: number): number {
  if (root.getBoundingClientRect().top >= top) return 0;
  let [low, high] = [0, Math.max(0, map.length - 1)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const drawn = drawnFrom(map, middle);
    if (drawn === undefined || drawn.box.bottom > top) high = middle;
    else low = Math.min(drawn.offset + 1, high);
  }
  return drawnFrom(map, low)?.offset ?? low;
}

/** The first character from an offset on that is drawn: what separates two paragraphs is not. */
function drawnFrom(map: TextMap, from: number) {
  for (let offset = from; offset < map.length; offset += 1) {
    const box = map.range(offset, offset + 1)?.getClientRects()[0];
    if (box !== undefined && box.height > 0) return { box, offset };
  }
  return undefined;
}

/** The one older browsers have in place of `caretPositionFromPoint`. */
interface OldCaret {
  caretRangeFromPoint?(x: number, y: number): Range | null;
}

function offsetAtPoint(root: HTMLElement, map: TextMap, x: number, y: number): number | undefined {
  if ('caretPositionFromPoint' in document) {
    const caret = document.caretPositionFromPoint(x, y);
    if (caret?.offsetNode instanceof Text && root.contains(caret.offsetNode)) {
      return map.offsetOf(caret.offsetNode, caret.offset);
    }
    return undefined;
  }
  const old: OldCaret = document;
  const range = old.caretRangeFromPoint?.(x, y);
  if (!(range?.startContainer instanceof Text)) return undefined;
  return map.offsetOf(range.startContainer, range.startOffset);
}
