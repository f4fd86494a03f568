import { isTag } from 'domhandler';
import { textContent } from 'domutils';
import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { descendantsNamed, textOf } from '../markup/dom.ts';
import { renderHtml } from './html.ts';
import type { Mark } from './html.ts';
import { renderText } from './text.ts';
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
  fc.array(
    fc
      .tuple(fc.nat(length), fc.nat(length))
      .map(([a, b]): Mark => ({ start: Math.min(a, b), end: Math.max(a, b), id: `${a}-${b}` })),
    { maxLength: 5 },
  );
const marked = blocks.chain((content) =>
  fc.tuple(fc.constant(content), marksIn(renderText(content).length)),
);

const strip = (html: string): string => textContent(parseDocument(html).children);

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
        const document = parseDocument(renderHtml(content));
        for (const name of ['p', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']) {
          for (const element of descendantsNamed(document, name)) {
            const start = Number(element.attribs['data-start']);
            const own = textOf(element);
            if (own !== '') expect(plain.slice(start, start + own.length)).toBe(own);
          }
        }
      }),
    );
  });

  test('marks exactly the characters it is told to', () => {
    fc.assert(
      fc.property(marked, ([content, marks]) => {
        const plain = renderText(content);
        const document = parseDocument(renderHtml(content, { marks }));
        const pieces = descendantsNamed(document, 'mark');
        for (const { id, start, end } of marks) {
          const found = pieces.filter((e) => e.attribs['data-marks']?.split(' ').includes(id));
          // Separators and breaks stand between text nodes and are not marked.
          const compact = (s: string) => s.replace(/[\n\t]/g, '');
          const expected = compact(plain.slice(start, end));
          const doubled = marks.some((m) => m.id === id && m !== marks.find((x) => x.id === id));
          if (!doubled) expect(compact(found.map(textOf).join(''))).toBe(expected);
        }
      }),
    );
  });

  test('writes no tag, attribute or address but its own', () => {
    const tags =
      /^(p|h[1-6]|pre|figure|img|hr|br|blockquote|[ou]l|li|table|tr|t[dh]|a|em|span|sup)$/;
    fc.assert(
      fc.property(blocks, (content) => {
        const walk = (node: { children: unknown[] }): void => {
          for (const child of node.children as Parameters<typeof isTag>[0][]) {
            if (!isTag(child)) continue;
            expect(child.name).toMatch(tags);
            for (const [name, value] of Object.entries(child.attribs)) {
              expect(name).toMatch(/^(data-[a-z]+|href|rel|target|class|alt|start)$/);
              if (name === 'href') expect(value).toMatch(/^https?:/);
            }
            walk(child);
          }
        };
        walk(parseDocument(renderHtml(content)));
      }),
    );
  });
});
