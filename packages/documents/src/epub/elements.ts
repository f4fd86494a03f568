import type { LeafKind } from '../content/open-leaf.ts';
import type { SpanType } from '../content/tree.ts';

/** What the elements of XHTML mean for the closed tree. Names not listed are inline and transparent. */

/** Left out with all they contain: not text, or text that is said elsewhere. */
export const SKIPPED: ReadonlySet<string> = new Set([
  'head',
  'script',
  'style',
  'template',
  'title',
  'desc',
  'metadata',
  'link',
  'meta',
  'audio',
  'video',
  'iframe',
  'embed',
  'canvas',
  'noscript',
  'rt', // the reading of a ruby: its base stays
  'rp',
  'annotation', // of MathML: the formula a second time
  'annotation-xml',
  'case', // of epub:switch: its default is what we can show
]);

/** Blocks that leave no node of their own: what they contain begins and ends there. */
export const TRANSPARENT: ReadonlySet<string> = new Set(
  (
    'html body div section article aside main header footer nav figure hgroup form fieldset center ' +
    'details dl dd switch default thead tbody tfoot colgroup g foreignobject frameset address'
  ).split(' '),
);

/** Blocks with a node of their own and blocks in it. */
export const CONTAINERS: ReadonlySet<string> = new Set(
  'blockquote ul ol li table tr td th'.split(' '),
);

/** Maps and no objects, which would know an element named `constructor`. */
export const LEAVES: ReadonlyMap<string, LeafKind> = new Map<string, LeafKind>([
  ['p', { type: 'paragraph' }],
  ['dt', { type: 'paragraph' }],
  ['caption', { type: 'paragraph' }],
  ['figcaption', { type: 'paragraph' }],
  ['legend', { type: 'paragraph' }],
  ['summary', { type: 'paragraph' }],
  ['text', { type: 'paragraph' }], // of SVG
  ['pre', { type: 'pre' }],
  ['h1', { type: 'heading', level: 1 }],
  ['h2', { type: 'heading', level: 2 }],
  ['h3', { type: 'heading', level: 3 }],
  ['h4', { type: 'heading', level: 4 }],
  ['h5', { type: 'heading', level: 5 }],
  ['h6', { type: 'heading', level: 6 }],
]);

export const SPANS: ReadonlyMap<string, SpanType> = new Map<string, SpanType>([
  ['em', 'emphasis'],
  ['i', 'emphasis'],
  ['cite', 'emphasis'],
  ['dfn', 'emphasis'],
  ['var', 'emphasis'],
  ['strong', 'strong'],
  ['b', 'strong'],
  ['dt', 'strong'],
  ['sub', 'sub'],
  ['sup', 'sup'],
  ['code', 'code'],
  ['kbd', 'code'],
  ['samp', 'code'],
  ['tt', 'code'],
  ['s', 'strike'],
  ['strike', 'strike'],
  ['del', 'strike'],
]);

/** Elements whose `epub:type` may say what a page is (signal 0 of the classifier). */
export const SECTIONING: ReadonlySet<string> = new Set([
  'body',
  'section',
  'article',
  'nav',
  'aside',
  'main',
  'div',
]);
