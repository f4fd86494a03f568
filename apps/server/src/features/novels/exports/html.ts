import {
  escapeMarkup,
  paragraphsOf,
  provenance,
  type ExportSource,
  type Paragraph,
} from './export.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1e1b16; --paper: #faf7f0; --line: #d9d0bd; --mark: #9a6a16; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e2d5; --paper: #171512; --line: #4a4335; --mark: #d9a94f; } }
body { margin: 2rem auto; max-width: 68rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
  font: 1.05rem/1.55 Literata, Georgia, 'Times New Roman', serif; hyphens: auto; }
h1 { font-size: 1.8rem; } h2 { margin: 2.5rem 0 1rem; font-size: 1.3rem; break-after: avoid; }
.about { border-block: 1px solid var(--line); padding: .75rem 0; font-size: .9rem; }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; padding: .6rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.row p { margin: 0; } .short span { display: block; } .over span { border-left: 3px solid var(--mark); padding-left: .5rem; }
@media (max-width: 40rem) { .row { grid-template-columns: 1fr; gap: .5rem; } }
@media print { body { margin: 0; max-width: none; background: none; color: #000; font-size: 10.5pt; } @page { margin: 18mm 16mm; } }
`;

/** Source beside short sentences, a row a paragraph: for the screen and for paper. One file, nothing from elsewhere, no script. */
export function toHtml(source: ExportSource): string {
  const { result, author } = source;
  const language = escapeMarkup(result.language ?? 'und');
  const title = escapeMarkup(result.title);
  const about = provenance(source).map((line) => `<p>${escapeMarkup(line)}</p>`);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${author === null ? '' : `<p>${escapeMarkup(author)}</p>`}
<div class="about" lang="en">${about.join('')}</div>
${paragraphsOf(result.sentences).map(rowOf).join('\n')}
</body>
</html>
`;
}

function rowOf({ isHeading, sentences }: Paragraph): string {
  const text = sentences.map(({ source }) => escapeMarkup(source)).join(' ');
  if (isHeading) return `<h2>${text}</h2>`;
  const isOver = sentences.some(({ label }) => label === 'over_limit' || label === 'missing');
  const short = sentences
    .flatMap((each) => each.sentences)
    .map((sentence) => `<span>${escapeMarkup(sentence)}</span>`);
  return `<div class="row"><p class="source">${text}</p><p class="short${isOver ? ' over' : ''}">${short.join(' ')}</p></div>`;
}
