import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { init } from '@embedpdf/pdfium';

/** What is called of PDFium, under its own names (fpdfview.h, fpdf_text.h, fpdf_doc.h). */
const FUNCTIONS = [
  'malloc',
  'free',
  'PDFiumExt_Init',
  'FPDF_LoadMemDocument',
  'FPDF_GetLastError',
  'FPDF_GetPageCount',
  'FPDF_CloseDocument',
  'FPDF_GetMetaText',
  'FPDFCatalog_GetLanguage',
  'FPDF_LoadPage',
  'FPDF_ClosePage',
  'FPDF_GetPageBoundingBox',
  'FPDFPage_GetRotation',
  'FPDFPage_CountObjects',
  'FPDFPage_GetObject',
  'FPDFPageObj_GetType',
  'FPDFText_LoadPage',
  'FPDFText_ClosePage',
  'FPDFText_CountChars',
  'FPDFText_GetUnicode',
  'FPDFText_IsGenerated',
  'FPDFText_IsHyphen',
  'FPDFText_GetCharBox',
  'FPDFText_GetLooseCharBox',
  'FPDFText_GetCharOrigin',
  'FPDFText_GetFontSize',
  'FPDFText_GetFontWeight',
  'FPDFText_GetMatrix',
  'FPDFText_GetTextObject',
  'FPDFBookmark_GetFirstChild',
  'FPDFBookmark_GetNextSibling',
  'FPDFBookmark_GetTitle',
  'FPDFBookmark_GetDest',
  'FPDFBookmark_GetAction',
  'FPDFAction_GetDest',
  'FPDFDest_GetDestPageIndex',
  'FPDFDest_GetLocationInPage',
  'FPDFDest_GetView',
] as const;

type Exported = (...parameters: readonly number[]) => number;
type PdfiumFunctions = Readonly<Record<(typeof FUNCTIONS)[number], Exported>>;
type PdfiumExports = PdfiumFunctions & { readonly memory: WebAssembly.Memory };

/**
 * One instance of PDFium, with a memory of its own: a hostile file harms no other, and the memory, which never shrinks, goes with the
 * document. Making one takes 30 ms.
 */
export interface Pdfium {
  readonly call: PdfiumFunctions;
  /** Address of 128 bytes that every caller may overwrite, and what is in them. */
  readonly scratch: number;
  readonly ints: () => Int32Array;
  readonly floats: () => Float32Array;
  readonly doubles: () => Float64Array;
  /** Whether the limit of memory has been run into; a call that needed more has trapped. */
  readonly isOutOfMemory: () => boolean;
  /** Copies bytes into the memory; to be freed by the caller. Answers 0 where there is no room. */
  readonly store: (bytes: Uint8Array) => number;
  /** Text of the functions that answer with the number of bytes they need, the final zero (two bytes) included. */
  readonly text: (read: (buffer: number, bytes: number) => number) => string;
}

const SCRATCH_BYTES = 128;
/** A title or an author of more bytes is none. */
const MAX_TEXT_BYTES = 64 * 1024;

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const file = fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm'));
  return await WebAssembly.compile(await readFile(file));
}

export async function startPdfium(memoryBytes: number): Promise<Pdfium> {
  compiled ??= compile();
  const module = await compiled;
  let isOutOfMemory = false;
  let exports: WebAssembly.Exports = {};
  // The functions that `init` answers with check and convert their arguments: 160 ns a call against 8 ns for
  // the exports themselves, at a dozen calls for every character.
  await init({
    instantiateWasm(imports: WebAssembly.Imports, receive: (made: WebAssembly.Instance) => void) {
      const grow = imports['env']?.['emscripten_resize_heap'];
      if (!isExported(grow)) throw new Error('This PDFium asks for memory in an unknown way.');
      const growWithin = (bytes: number): number => {
        isOutOfMemory ||= bytes >>> 0 > memoryBytes;
        return isOutOfMemory ? 0 : grow(bytes);
      };
      const env = { ...imports['env'], emscripten_resize_heap: growWithin };
      const instance = new WebAssembly.Instance(module, { ...imports, env });
      exports = instance.exports;
      receive(instance);
      return exports;
    },
    // What it would print about a damaged file comes as an error as well.
    print: () => undefined,
    printErr: () => undefined,
  });
  if (!isPdfium(exports)) throw new Error('This PDFium lacks functions that are called here.');
  exports.PDFiumExt_Init();
  return { call: exports, isOutOfMemory: () => isOutOfMemory, ...accessTo(exports) };
}

function accessTo({ memory, malloc, free }: PdfiumExports) {
  const scratch = malloc(SCRATCH_BYTES);
  const view = () => ({
    ints: new Int32Array(memory.buffer, scratch, SCRATCH_BYTES / 4),
    floats: new Float32Array(memory.buffer, scratch, SCRATCH_BYTES / 4),
    doubles: new Float64Array(memory.buffer, scratch, SCRATCH_BYTES / 8),
  });
  let views = view();
  // When the memory grows, the views of it are cut off and have no length any more.
  const current = () => (views.ints.length === 0 ? (views = view()) : views);
  return {
    scratch,
    ints: () => current().ints,
    floats: () => current().floats,
    doubles: () => current().doubles,
    store(content: Uint8Array): number {
      const address = malloc(content.byteLength);
      if (address !== 0) new Uint8Array(memory.buffer, address).set(content);
      return address;
    },
    text(read: (buffer: number, bytes: number) => number): string {
      const length = read(0, 0);
      if (length <= 2 || length > MAX_TEXT_BYTES) return '';
      const buffer = malloc(length);
      read(buffer, length);
      const text = Buffer.from(memory.buffer, buffer, length - 2).toString('utf16le');
      free(buffer);
      return text;
    },
  };
}

function isExported(value: unknown): value is Exported {
  return typeof value === 'function';
}

function isPdfium(exports: WebAssembly.Exports): exports is PdfiumExports {
  return (
    exports['memory'] instanceof WebAssembly.Memory &&
    FUNCTIONS.every((name) => isExported(exports[name]))
  );
}
