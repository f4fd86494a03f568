/**
 * Typesets the sample novel, a short story written for the demo, as a PDF: justified, hyphenated, with running heads, page
 * numbers and an outline. Built by `node samples/build.ts`, the same bytes on every run.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeTypst, typesetPdf } from '../packages/documents/src/testing/typeset-pdf.ts';

const SOURCE = join(import.meta.dirname, 'novel', 'fr.md');
const OUTPUT = join(import.meta.dirname, 'out');
const TITLE = 'L’horloge de Brumeville';

/** The paragraphs of the story as printed, with the spaces of French typography. Headings begin with "# ". */
export async function readStory(): Promise<string[]> {
  const source = await readFile(SOURCE, 'utf8');
  return source.trim().replaceAll('\r\n', '\n').split('\n\n').map(withFrenchSpaces);
}

/** Lines do not break before these signs, nor after an opening quotation mark or the dash of a speaker. */
function withFrenchSpaces(text: string): string {
  return text.replace(/ (?=[;:?!»])/g, '\u00a0').replace(/(«|^—) /g, '$1\u00a0');
}

const LAYOUT = `
#set document(title: "${TITLE}", author: "Scriptorium")
#set text(font: "DejaVu Serif", size: 8.5pt, lang: "fr", hyphenate: true)
#set par(justify: true, first-line-indent: (amount: 1.2em, all: true), spacing: 0.7em, leading: 0.7em)
#set page(width: 11cm, height: 18cm, margin: (x: 1.5cm, top: 1.9cm, bottom: 1.7cm))
#show heading: it => {
  pagebreak(weak: true)
  v(1.4cm)
  align(center, par(justify: false, first-line-indent: 0em, text(size: 12pt, hyphenate: false, it.body)))
  v(0.9cm)
}
#align(center)[
  #v(4cm)
  #text(size: 20pt)[${TITLE}]
  #v(0.6cm)
  #emph[Un conte écrit pour Scriptorium]
  #v(6.5cm)
  CC0 1.0 Universel. Aucun droit réservé.
]
#set page(
  header: context {
    let before = query(heading).filter(h => h.location().page() < here().page())
    let begins = query(heading).any(h => h.location().page() == here().page())
    let isLeft = calc.even(here().page())
    set text(size: 7pt)
    if not begins and before.len() > 0 {
      if isLeft [${TITLE}] else { align(right, before.last().body) }
    }
  },
  footer: align(center, text(size: 7pt, context counter(page).display())),
)
`;

/** Writes the novel into a folder, creating it if need be, and answers with its path. */
export async function buildNovel(outDir: string = OUTPUT): Promise<string> {
  const paragraphs = await readStory();
  const body = paragraphs.map((text) =>
    text.startsWith('# ') ? `= ${escapeTypst(text.slice(2))}` : escapeTypst(text),
  );
  await mkdir(outDir, { recursive: true });
  const path = join(outDir, 'l-horloge-de-brumeville.fr.pdf');
  await writeFile(path, await typesetPdf(`${LAYOUT}\n${body.join('\n\n')}\n`));
  return path;
}
