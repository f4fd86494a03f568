import { shortLine } from '../content/clean.ts';
import type { Element } from '../markup/dom.ts';
import { childElements, textOf } from '../markup/dom.ts';

const NUMBER_OR_SIGN = /^[[(]?(\d{1,4}|[a-z]|[*†‡§¶]{1,3})[\])]?$/i;
const MARKED = /^([[(].+[\])]|[*†‡§¶]{1,3})$/;

/**
 * True for the mark of a note: typed as one, or (EPUB 2) a number or sign that is raised, bracketed
 * or a reference mark by itself. Such labels are no part of the text.
 */
export function isNoteRef(element: Element, types: readonly string[]): boolean {
  if (types.includes('noteref')) return true;
  const label = textOf(element).trim();
  if (!NUMBER_OR_SIGN.test(label)) return false;
  return MARKED.test(label) || isRaised(element);
}

function isRaised(element: Element): boolean {
  const { parent } = element;
  if (parent?.local === 'sup') return true;
  const [only, ...others] = childElements(element);
  return only !== undefined && others.length === 0 && only.local === 'sup';
}

/** The way back from a note to the text: an arrow, of no use outside of a page of notes. */
export function isBacklink(element: Element, types: readonly string[]): boolean {
  if (types.includes('backlink') || types.includes('referrer')) return true;
  // With or without the selector that makes an emoji of the arrow.
  return /^(?:[↩↑↵⏎^]\p{Variation_Selector}?)+$/u.test(textOf(element).trim());
}

export function noteLabel(element: Element): string {
  return shortLine(textOf(element).replace(/[[\]()]/g, ''), 20);
}
