import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { beforeAll, describe, expect, it } from 'vitest';
import { mapText } from './text-map.ts';

beforeAll(() => {
  const { document, NodeFilter, Text } = new JSDOM('<!doctype html><body>').window;
  Object.assign(globalThis, { document, NodeFilter, Text });
});

function element(html: string): HTMLElement {
  const root = document.createElement('div');
  root.innerHTML = html;
  return root;
}

const HTML =
  '<h1 data-start="0">One</h1>\n\n<p>A 😀 <em>grey</em> house<a data-note="n1"></a>, it’s <em><strong>old</strong></em>.</p><hr>\n\n<p></p><p>Жили-были</p>';

describe('the map of a text', () => {
  it('finds every stretch of the text where its characters stand', () => {
    const root = element(HTML);
    const text = root.textContent;
    const map = mapText(root);
    expect(map.length).toBe(text.length);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(map.range(start, end)?.toString() ?? '').toBe(text.slice(start, end));
      }),
    );
  });

  it('takes a place in the document back to its offset', () => {
    const root = element(HTML);
    const map = mapText(root);
    for (let offset = 0; offset < map.length; offset += 1) {
      const range = map.range(offset, offset + 1)!;
      expect(map.offsetOf(range.startContainer, range.startOffset)).toBe(offset);
    }
    expect(map.offsetOf(element('x'), 0)).toBeUndefined();
  });

  it('does not move when marks without text come and go', () => {
    const root = element('<p>abc<em>def</em></p>');
    const map = mapText(root);
    map.range(4, 6)!.insertNode(document.createElement('a'));
    root.querySelector('p')!.prepend(document.createElement('a'));
    expect(mapText(root).range(2, 5)?.toString()).toBe('cde');
  });

  it('knows nothing outside of the text', () => {
    const map = mapText(element('<p>abc</p>'));
    expect([map.range(-1, 2), map.range(2, 9), map.range(2, 2)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
