import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createTypstCompiler, loadFonts } from '@myriaddreamin/typst.ts';

/**
 * Typesets documents with typst in WebAssembly: real line breaks, hyphens, running heads and outlines around a text that is known to the
 * letter. There is one font, DejaVu Serif (regular, bold, italic), with Latin, Cyrillic and Greek letters.
 */
const FONTS = [
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSerif.ttf'),
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf'),
  import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSerif-Italic.ttf'),
];
const COMPILER = import.meta
  .resolve('@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm');
const PDF_FORMAT = 1;

const read = async (url: string) => new Uint8Array(await readFile(fileURLToPath(url)));

async function startCompiler() {
  const fonts = await Promise.all(FONTS.map(read));
  const module = await WebAssembly.compile(await read(COMPILER));
  const compiler = createTypstCompiler();
  await compiler.init({
    getModule: () => module,
    beforeBuild: [loadFonts(fonts, { assets: false })],
  });
  return compiler;
}

let compiler: ReturnType<typeof startCompiler> | undefined;

/** The source as a PDF. Without dates in it, so that the same source gives the same bytes. Throws with typst's own complaints. */
export async function typesetPdf(source: string): Promise<Uint8Array> {
  compiler ??= startCompiler();
  const typst = await compiler;
  // From here to the answer nothing waits, so two documents do not get into each other's way.
  typst.addSource('/main.typ', `#set document(date: none)\n${source}`);
  const { result, diagnostics } = await typst.compile({
    mainFilePath: '/main.typ',
    format: PDF_FORMAT,
    diagnostics: 'unix',
  });
  if (result === undefined) throw new Error(`typst: ${diagnostics?.join('\n') ?? 'no answer'}`);
  return result;
}

export interface NovelOptions {
  language: 'fr' | 'en' | 'ru' | 'de';
  title?: string;
  author?: string;
  /** Centimetres. */
  width?: number;
  height?: number;
  /** Over every page but the first; the page number is below all of them. */
  head?: string;
  /** Further settings, as typst. */
  settings?: string;
}

/**
 * The source of a novel: justified, hyphenated, first lines indented, with folios and an outline. A paragraph that begins with "# " is
 * the heading of a chapter.
 */
export function novelSource(paragraphs: readonly string[], options: NovelOptions): string {
  const { language, title, author, width = 11, height = 18, head = '', settings = '' } = options;
  const header = `context if counter(page).get().first() > 1 [${escapeTypst(head)}]`;
  return [
    `#set document(title: ${textOf(title)}, author: ${textOf(author)})`,
    `#set page(width: ${width}cm, height: ${height}cm, margin: 1.6cm, header: ${header}, numbering: "1")`,
    `#set text(font: "DejaVu Serif", size: 9pt, lang: "${language}", hyphenate: true)`,
    `#set par(justify: true, first-line-indent: 1.2em, spacing: 0.65em)`,
    settings,
    ...paragraphs.map((text) =>
      text.startsWith('# ') ? `= ${escapeTypst(text.slice(2))}\n` : `${escapeTypst(text)}\n`,
    ),
  ].join('\n');
}

function textOf(value: string | undefined): string {
  return value === undefined ? '""' : JSON.stringify(value);
}

/** Text as it is, for typst: nothing in it becomes markup, a comment, another quotation mark or another dash. */
export function escapeTypst(text: string): string {
  return text.replace(/[\\#$*_`<>@=[\]~+\-'"/.]/g, '\\$&');
}
