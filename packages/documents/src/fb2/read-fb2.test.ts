import { describe, expect, test } from 'vitest';
import { renderText } from '../content/text.ts';
import { parseBook } from '../parse-book.ts';
import { encode } from '../testing/code-pages.ts';
import { zip } from '../testing/fixtures.ts';

const prose = (words: number, word = 'слово') => `<p>${Array(words).fill(word).join(' ')}</p>`;
const section = (title: string, content: string) =>
  `<section><title><p>${title}</p></title>${content}</section>`;
const DESCRIPTION =
  '<description><title-info><author><first-name>Иван</first-name><last-name>Тургенев</last-name></author>' +
  '<book-title>Книга</book-title><lang>ru</lang></title-info></description>';

const source = (body: string, more = '', description = DESCRIPTION) =>
  '<?xml version="1.0" encoding="utf-8"?><FictionBook xmlns="x" xmlns:l="http://www.w3.org/1999/xlink">' +
  `${description}<body>${body}</body>${more}</FictionBook>`;
const read = async (body: string, more?: string, description?: string) =>
  await parseBook(Buffer.from(source(body, more, description)));
const outline = (book: Awaited<ReturnType<typeof read>>) =>
  book.chapters.map(({ title, path, pageClass }) => [...path, title, pageClass].join(' / '));

describe('sections', () => {
  test('are chapters when titled, parts when they hold titled ones', async () => {
    const book = await read(
      section('Часть 1', section('I', prose(99)) + section('II', prose(99))) +
        section('Часть 2', section('I', prose(99))),
    );
    expect(outline(book)).toEqual([
      'Часть 1 / I / chapter',
      'Часть 1 / II / chapter',
      'Часть 2 / I / chapter',
    ]);
    expect(book.toc.map((e) => [e.label, e.chapter, e.children.map((c) => c.chapter)])).toEqual([
      ['Часть 1', null, [0, 1]],
      ['Часть 2', null, [2]],
    ]);
    expect(book.tocSource).toBe('sections');
  });

  test('with a preamble have a chapter of their own before their first one', async () => {
    const book = await read(
      section('Часть 1', `<epigraph>${prose(90)}</epigraph>${section('I', prose(99))}`),
    );
    expect(outline(book)).toEqual(['Часть 1 / chapter', 'Часть 1 / I / chapter']);
    expect(book.toc[0]).toMatchObject({ label: 'Часть 1', chapter: 0, children: [{ chapter: 1 }] });
  });

  test('without a title go on with the chapter before, or begin what they stand in', async () => {
    const book = await read(
      `<title><p>Роман</p></title><section>${prose(60, 'начало')}</section>` +
        section('I', prose(99)) +
        `<section>${prose(60, 'дальше')}</section>`,
    );
    expect(outline(book)).toEqual(['Роман / chapter', 'I / chapter']);
    expect(renderText(book.chapters[0]!.content)).toMatch(/^Роман\n\nначало/);
    expect(renderText(book.chapters[1]!.content)).toMatch(/слово\n\nдальше/);
  });

  test('are a chapter each when none has a title', async () => {
    const book = await read(`<section>${prose(60)}</section><section>${prose(60)}</section>`);
    expect(book.chapters.map((chapter) => chapter.title)).toEqual(['Глава 1', 'Глава 2']);
  });

  test('with neither title nor text leave no trace', async () => {
    const book = await read(`<section><empty-line/></section>${section('I', prose(60))}<section/>`);
    expect(outline(book)).toEqual(['I / chapter']);
  });

  test('are found when tags cross and namespaces are prefixed or missing', async () => {
    const crossed = '<p><strong>a<emphasis>b</strong>c</emphasis>';
    const body = section('I', `${crossed}${prose(60)}`) + section('II', prose(60));
    const book = await parseBook(
      Buffer.from(`<fb:FictionBook xmlns:fb="y"><fb:body>${body}</fb:body></fb:FictionBook>`),
    );
    expect(book.chapters.map((chapter) => chapter.title)).toEqual(['I', 'II']);
  });
});

describe('content', () => {
  test('joins the lines of a title and keeps verse, quotes and tables', async () => {
    const book = await read(
      '<section><title><p>Глава 1.</p><empty-line/><p>Приезд</p></title>' +
        '<epigraph><p>Мотто</p><text-author>Кто-то</text-author></epigraph>' +
        '<poem><stanza><v>раз</v><v>два</v></stanza><stanza><v>три</v></stanza></poem>' +
        '<subtitle>* * *</subtitle><p>до</p><empty-line/><p>после</p>' +
        '<table><tr><th>a</th><td>b</td></tr></table></section>',
    );
    const [chapter] = book.chapters;
    expect(chapter?.title).toBe('Глава 1. Приезд');
    expect(chapter?.content.map((block) => block.type)).toEqual([
      'heading',
      'quote',
      'verse',
      'verse',
      'heading',
      'paragraph',
      'rule',
      'paragraph',
      'table',
    ]);
    expect(renderText(chapter!.content)).toBe(
      'Глава 1.\nПриезд\n\nМотто\n\nКто-то\n\nраз\nдва\n\nтри\n\n* * *\n\nдо\n\nпосле\n\na\tb',
    );
  });

  test('ties notes to their marks, whatever prefix the link has', async () => {
    const notes =
      '<body name="notes"><title><p>Примечания</p></title>' +
      '<section id="n1"><title><p>1</p></title><p>Первая.</p></section>' +
      '<section id="n2"><title><p>2</p></title><p>Вторая.</p></section></body>';
    const book = await read(
      section(
        'I',
        `<p>раз<a l:href="#n1" type="note">[1]</a> два<a href="#n2">2</a></p>${prose(60)}`,
      ),
      notes,
    );
    const [chapter, page] = book.chapters;
    expect(renderText(chapter!.content)).toMatch(/^I\n\nраз два\n\n/);
    expect(chapter!.notes.map((n) => [n.id, n.label, n.offset, renderText(n.content)])).toEqual([
      ['n1', '1', 6, 'Первая.'],
      ['n2', '2', 10, 'Вторая.'],
    ]);
    expect([page?.title, page?.pageClass]).toEqual(['Примечания', 'notes']);
  });

  test('points links inside of the book at chapter and offset', async () => {
    const book = await read(
      section('I', `<p>см. <a l:href="#place">там</a></p>${prose(60)}`) +
        section('II', `<p>раз</p><p id="place">здесь</p>${prose(60)}`),
    );
    expect(book.chapters[0]!.content[1]).toMatchObject({
      content: [{}, { type: 'link', target: { kind: 'book', chapter: 1, offset: 9 } }],
    });
  });

  test('reads metadata, annotation and cover', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    const book = await read(
      section('I', prose(60)),
      `<binary id="c.png" content-type="image/jpeg">${png.toString('base64')}</binary>`,
      '<description><title-info><author><nickname>nick</nickname></author><book-title>Имя&nbsp;книги</book-title>' +
        '<annotation><p>Раз.</p><p>Два.</p></annotation><date value="1869-01-01">1863-1869</date>' +
        '<coverpage><image l:href="#c.png"/></coverpage><lang>ru-RU</lang></title-info>' +
        '<publish-info><publisher>Дом</publisher><isbn>978</isbn></publish-info></description>',
    );
    expect(book.metadata).toEqual({
      title: 'Имя\u00a0книги',
      authors: ['nick'],
      language: 'ru-RU',
      identifier: '978',
      publisher: 'Дом',
      date: '1863-1869',
      description: 'Раз.\n\nДва.',
    });
    expect(book.cover).toEqual({ image: 'image-1', alt: '' });
    expect(book.images[0]?.mediaType).toBe('image/png');
  });
});

describe('files', () => {
  const text = source(section('I', prose(60))).replace('utf-8', 'windows-1251');

  test('are read zipped, whatever the entry is called', async () => {
    const book = await parseBook(await zip({ 'Ž¨à.fb2': encode(text, 'windows-1251') }));
    expect(book.metadata.title).toBe('Книга');
  });

  test('are refused when there are several in one archive', async () => {
    const archive = await zip({ 'a.fb2': text, 'b.fb2': text, 'c.fb2': text });
    await expect(parseBook(archive)).rejects.toMatchObject({
      code: 'document.too_many_fb2',
      details: { books: 3 },
    });
  });

  test('are refused without a body', async () => {
    await expect(parseBook(Buffer.from('<FictionBook></FictionBook>'))).rejects.toMatchObject({
      code: 'document.damaged_fb2',
    });
  });
});
