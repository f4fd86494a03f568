import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { epub } from '../testing/fixtures.ts';
import { parseBook } from '../parse-book.ts';
import { checkEntities } from './entities.ts';

const document = (subset: string) =>
  `<?xml version="1.0"?><!-- > [ --><!DOCTYPE html PUBLIC "-//W3C//DTD [XHTML] 1.1//EN" "x.dtd" [${subset}]><html/>`;

const check = (subset: string) => () => checkEntities(document(subset), DEFAULT_LIMITS);

/** Each entity holds the one before `times` times. */
function tower(levels: number, times: number): string {
  const floors = Array.from(
    { length: levels },
    (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(times)}">`,
  );
  return ['<!ENTITY e0 "ha">', ...floors].join('\n');
}

describe('entities that harm', () => {
  it.each([
    ['grow tenfold nine times', tower(9, 10), 'stands for more than 65536'],
    ['are declared from the top down', tower(9, 10).split('\n').reverse().join(''), 'stands for'],
    ['contain themselves', '<!ENTITY a "x&a;">', 'contains itself'],
    ['contain each other', `<!ENTITY a "&b;"><!ENTITY b '&a;'>`, 'contains itself'],
    ['are nested without end', tower(50_000, 1), 'nested more than 16 deep'],
    [
      'are nested from the top down',
      tower(50_000, 1).split('\n').reverse().join(''),
      'nested more',
    ],
    ['are long', `<!ENTITY a "${'x'.repeat(100_000)}">`, 'stands for more than'],
    ['are parameters', '<!ENTITY % a "%b;"><!ENTITY % b "%a;">', 'The entity %a; of the document'],
    ['hide behind a comment', '<!-- ]> " --><?pi ]> "?><!ENTITY a "&a;">', 'contains itself'],
    ['never end', '<!ENTITY a "&a;', 'contains itself'],
  ])('are refused when they %s', (_, subset, message) => {
    expect(check(subset)).toThrow(message);
    expect(check(subset)).toThrow(expect.objectContaining({ code: 'document.entities' }));
  });

  it('make a book refused, wherever in it they are declared', async () => {
    const bomb = `<!DOCTYPE html [${tower(9, 10)}]>`;
    const page = `${bomb}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&e9;</p></body></html>`;
    const book = await epub({ pages: { 'a.xhtml': page } });
    await expect(parseBook(book)).rejects.toMatchObject({ code: 'document.entities' });
    const fb2 = `<?xml version="1.0"?><!DOCTYPE FictionBook [${tower(9, 10)}]><FictionBook><body><section><p>x</p></section></body></FictionBook>`;
    await expect(parseBook(Buffer.from(fb2))).rejects.toMatchObject({ code: 'document.entities' });
  });
});

describe('entities that harm nobody', () => {
  it.each([
    ['none', ''],
    ['names for characters', '<!ENTITY nbsp "&#160;"><!ENTITY % x SYSTEM "x.ent"> %x;'],
    ['a few in each other', '<!ENTITY who "A. Writer"><!ENTITY by "by &who;, &who; &amp; sons">'],
    ['files of elsewhere', '<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b PUBLIC "p" "u">'],
    ['one that is declared again', '<!ENTITY a "x"><!ENTITY a "&a;">'],
    ['other declarations', '<!ELEMENT p (#PCDATA)><!ATTLIST p id CDATA "]&a;">'],
  ])('are let through: %s', (_, subset) => {
    expect(check(subset)).not.toThrow();
  });

  it('are whatever the text talks about', () => {
    const text = '<html><p>As in &lt;!ENTITY a "&a;"&gt; [<![CDATA[<!ENTITY a "&a;">]]></p></html>';
    expect(() => checkEntities(text, DEFAULT_LIMITS)).not.toThrow();
  });
});

it.each([
  ['document types', '<!DOCTYPE x'.repeat(300_000)],
  ['comments', document('<!--'.repeat(500_000))],
  ['quotes', document(`"'`.repeat(500_000))],
  ['declarations', document('<!ENTITY '.repeat(300_000))],
  ['names', document(`<!ENTITY ${'a'.repeat(2_000_000)}`)],
  ['references', document(`<!ENTITY a "b"><!ENTITY c "${'&a;'.repeat(10_000)}">`.repeat(30))],
  ['spaces', document(`<!ENTITY${' '.repeat(2_000_000)}`)],
])('takes a moment for any number of unfinished %s', (_, source) => {
  const begun = process.cpuUsage();
  expect(() => checkEntities(source, DEFAULT_LIMITS)).not.toThrow();
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1000);
});
