import type { Element } from 'domhandler';
import { getElementsByTagName, textContent } from 'domutils';
import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import type { Mark } from './html.ts';
import { leafLength, leafText, leavesOf, renderText } from './text.ts';
import type { Block, Inline, LinkTarget } from './tree.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'é', 'Ж', '中', '😀', ' ', '<', '>', '&', '"', "'", ';', '/', 'b'),
  maxLength: 12,
});
const target: fc.Arbitrary<LinkTarget> = fc.oneof(
  fc.record({
    kind: fc.constant('web' as const),
    href: fc.constantFrom('https://example.org/?a=1&b="2"', 'http://x', 'javascript:alert(1)'),
  }),
  fc.record({ kind: fc.constant('book' as const), chapter: fc.nat(9), offset: fc.nat(99) }),
);

const { inlines } = fc.letrec<{ inline: Inline; inlines: Inline[] }>((tie) => ({
  inline: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.constant('text' as const), text }),
    fc.constant<Inline>({ type: 'break' }),
    fc.record({ type: fc.constant('image' as const), image: text, alt: text }),
    fc.record({ type: fc.constant('noteRef' as const), note: text, label: text }),
    fc.record({
      type: fc.constantFrom('emphasis' as const, 'smallCaps' as const, 'sup' as const),
      content: tie('inlines'),
    }),
    fc.record({ type: fc.constant('link' as const), target, content: tie('inlines') }),
  ),
  inlines: fc.array(tie('inline'), { maxLength: 4 }),
}));

const { blocks } = fc.letrec<{ block: Block; blocks: Block[] }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.constant('paragraph' as const), content: inlines }),
    fc.record({
      type: fc.constant('heading' as const),
      level: fc.integer({ min: -1, max: 9 }),
      content: inlines,
    }),
    fc.record({ type: fc.constant('verse' as const), lines: fc.array(inlines, { maxLength: 3 }) }),
    fc.record({ type: fc.constant('pre' as const), text }),
    fc.record({ type: fc.constant('image' as const), image: text, alt: text }),
    fc.constant<Block>({ type: 'rule' }),
    fc.record({ type: fc.constant('quote' as const), content: tie('blocks') }),
    fc.record({
      type: fc.constant('list' as const),
      ordered: fc.boolean(),
      start: fc.integer(),
      items: fc.array(tie('blocks'), { maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('table' as const),
      rows: fc.array(
        fc.array(fc.record({ header: fc.boolean(), content: tie('blocks') }), { maxLength: 3 }),
        { maxLength: 3 },
      ),
    }),
  ),
  blocks: fc.array(tie('block'), { maxLength: 4 }),
}));

const marksIn = (length: number) =>
  fc.uniqueArray(
    fc
      .tuple(fc.nat(length), fc.nat(length))
      .map(([a, b]): Mark => ({ start: Math.min(a, b), end: Math.max(a, b), id: `${a}-${b}` })),
    { maxLength: 5, selector: ({ id }) => id },
  );
const marked = blocks.chain((content) =>
  fc.tuple(fc.constant(content), marksIn(renderText(content).length)),
);

const strip = (html: string): string => textContent(parseDocument(html).children);

/** Separators and breaks stand between text nodes: they are not marked. */
const compact = (html: string): string => html.replace(/[\n\t]/g, '');

const TAGS = /^(p|h[1-6]|pre|figure|img|hr|br|blockquote|[ou]l|li|table|tr|t[dh]|a|em|span|sup)$/;
const ATTRIBUTES = /^(data-[a-z]+|href|rel|target|class|alt|start)$/;

test('the length of a leaf is that of its text', () => {
  fc.assert(
    fc.property(blocks, (content) => {
      const leaves = [...leavesOf(content)];
      expect(leaves.map(leafLength)).toEqual(leaves.map((leaf) => leafText(leaf).length));
    }),
  );
});

describe('renderHtml', () => {
  test('without its tags is renderText to the character', () => {
    fc.assert(
      fc.property(marked, ([content, marks]) => {
        expect(strip(renderHtml(content, { marks }))).toBe(renderText(content));
      }),
    );
  });

  test('starts each block with text at its data-start', () => {
    fc.assert(
      fc.property(blocks, (content) => {
        const plain = renderText(content);
        const elements = elementsOf(renderHtml(content));
        const leaves = elements.filter((e) => 'data-start' in e.attribs && textContent(e) !== '');
        const starts = leaves.map((element) => Number(element.attribs['data-start']));
        const found = leaves.map((e, i) =>
          plain.slice(starts[i], starts[i]! + textContent(e).length),
        );
        expect(found).toEqual(leaves.map(textContent));
      }),
    );
  });

  test('marks exactly the characters it is told to', () => {
    fc.assert(
      fc.property(marked, ([content, marks]) => {
        const plain = renderText(content);
        const pieces = elementsOf(renderHtml(content, { marks }), 'mark');
        const found = marks.map(({ id }) =>
          pieces.filter((e) => e.attribs['data-marks']?.split(' ').includes(id)).map(textContent),
        );
        expect(found.map((texts) => compact(texts.join('')))).toEqual(
          marks.map(({ start, end }) => compact(plain.slice(start, end))),
        );
      }),
    );
  });

  test('writes no tag, attribute or address but its own', () => {
    fc.assert(
      fc.property(blocks, (content) => {
        const elements = elementsOf(renderHtml(content));
        const attributes = elements.flatMap((element) => Object.entries(element.attribs));
        expect(elements.filter(({ name }) => !TAGS.test(name))).toEqual([]);
        expect(attributes.filter(([name]) => !ATTRIBUTES.test(name))).toEqual([]);
        const addresses = attributes.filter(([name]) => name === 'href');
        expect(addresses.filter(([, value]) => !/^https?:/.test(value))).toEqual([]);
      }),
    );
  });
});

function elementsOf(html: string, name = '*'): Element[] {
  return getElementsByTagName(name, parseDocument(html));
}
