import type { DocumentErrorCode, DocumentErrorDetails } from '../../errors.ts';
import { DocumentError } from '../../errors.ts';
import type { PdfLimits } from '../../limits.ts';
import { DEFAULT_PDF_LIMITS } from '../../limits.ts';
import { detectKind } from '../../detect-format.ts';
import type { PdfDocument, PdfMetadata, PdfOutlineItem, PdfPage } from '../pages.ts';
import { readMetadata } from './metadata.ts';
import { readOutline } from './outline.ts';
import type { Pdfium } from './pdfium.ts';
import { startPdfium } from './pdfium.ts';
import { readPage } from './read-page.ts';
import type { VisibleBox } from './visible-box.ts';
import { sizeOf } from './visible-box.ts';

export interface PdfOptions {
  /** Only looked at when the file does not open without. */
  password?: string;
  limits?: Partial<PdfLimits>;
}

/**
 * Opens a PDF with PDFium. Reading is synchronous: 1.5 ms a page, and a hostile page takes as long as it likes (`pageMs` refuses it
 * afterwards), so this belongs in a process or a thread that can be ended.
 *
 * Throws DocumentError for a file that cannot be read, also from the functions of the answer. The text layer is not judged here:
 * `parsePdf` does that when it has seen all pages.
 */
export async function openPdf(bytes: Uint8Array, options: PdfOptions = {}): Promise<PdfDocument> {
  const limits = { ...DEFAULT_PDF_LIMITS, ...options.limits };
  refuseByBytes(bytes, limits);
  const document = new OpenPdf(await startPdfium(limits.memoryBytes), limits);
  try {
    document.load(bytes, options.password);
    return document;
  } catch (error) {
    document.close();
    throw error;
  }
}

function refusal(
  code: DocumentErrorCode,
  message: string,
  details: DocumentErrorDetails = {},
  options?: ErrorOptions,
): DocumentError {
  return new DocumentError(code, message, details, options);
}

function refuseByBytes(bytes: Uint8Array, { documentBytes }: PdfLimits): void {
  if (bytes.byteLength === 0) {
    throw refusal('document.empty', 'The file is empty (0 bytes). Choose another file.');
  }
  if (bytes.byteLength > documentBytes) {
    throw refusal(
      'document.too_large',
      `The file has ${bytes.byteLength} bytes, more than the ${documentBytes} that are accepted. ` +
        'Remove pictures from it or send it in volumes.',
      { bytes: bytes.byteLength, limit_bytes: documentBytes },
    );
  }
  // Readers accept up to a kilobyte before the mark: some programs put a header of their own there.
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(1024, bytes.byteLength));
  if (!head.includes('%PDF-')) {
    const detected = detectKind(bytes);
    throw refusal(
      'document.not_a_pdf',
      `This is no PDF: the file does not begin with "%PDF-", it looks like ${detected}. ` +
        'A name that ends in .pdf does not make one: export or print the document as PDF.',
      { detected },
    );
  }
}

function damaged(what: string, cause?: unknown): DocumentError {
  return refusal(
    'document.damaged_pdf',
    `The PDF is truncated or damaged: ${what}. Get the file once more from where it came from, ` +
      'or open it in a PDF viewer, print it to a new PDF and send that.',
    {},
    cause === undefined ? undefined : { cause },
  );
}

/** Error numbers of FPDF_GetLastError (fpdfview.h). */
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;

class OpenPdf implements PdfDocument {
  readonly #pdfium: Pdfium;
  readonly #limits: PdfLimits;
  #document = 0;
  #bytes = 0;
  /** Once PDFium has trapped, its memory is in an unknown state: it is not called again. */
  #isBroken = false;
  #pageCount = 0;
  #metadata: PdfMetadata = { title: null, author: null, language: null };
  #outline: readonly PdfOutlineItem[] | undefined;
  readonly #boxes = new Map<number, VisibleBox | null>();

  constructor(pdfium: Pdfium, limits: PdfLimits) {
    this.#pdfium = pdfium;
    this.#limits = limits;
  }

  load(bytes: Uint8Array, password: string | undefined): void {
    this.#guard(() => {
      this.#bytes = this.#pdfium.store(bytes);
      if (this.#bytes === 0) throw this.#outOfMemory();
      // A file that has a password for its owner only opens without, and does not open with a wrong one.
      const isOpen =
        this.#loadWith(bytes.byteLength, '') ||
        (password !== undefined && this.#loadWith(bytes.byteLength, password));
      if (!isOpen) throw this.#whyNot(password !== undefined);
      this.#pageCount = this.#pdfium.call.FPDF_GetPageCount(this.#document);
      this.#refuseByCount();
      this.#metadata = readMetadata(this.#pdfium, this.#document);
    });
  }

  get pageCount(): number {
    return this.#pageCount;
  }

  get metadata(): PdfMetadata {
    return this.#metadata;
  }

  /** Read when it is first asked for: by then the boxes of the pages are known, and no page is loaded for them. */
  get outline(): readonly PdfOutlineItem[] {
    this.#outline ??= this.#guard(() =>
      readOutline(this.#pdfium, this.#document, (page) => this.#boxOf(page), this.#limits),
    );
    return this.#outline;
  }

  page(index: number): PdfPage {
    if (!Number.isInteger(index) || index < 0 || index >= this.#pageCount) {
      throw new RangeError(`There is no page ${index}: the document has ${this.#pageCount}.`);
    }
    return this.#guard(() => {
      const begun = performance.now();
      const read = readPage(this.#pdfium, this.#document, index, this.#limits);
      if (read === null) throw damaged(`page ${index + 1} cannot be read`);
      this.#boxes.set(index, read.box);
      const ms = Math.round(performance.now() - begun);
      if (ms > this.#limits.pageMs) throw tooSlow(index + 1, ms, this.#limits.pageMs);
      const { box, lines, isPicture } = read;
      return { index, ...sizeOf(box), lines, ...(isPicture && { isPicture }) };
    });
  }

  close(): void {
    const { call } = this.#pdfium;
    if (!this.#isBroken && this.#document !== 0) call.FPDF_CloseDocument(this.#document);
    if (!this.#isBroken && this.#bytes !== 0) call.free(this.#bytes);
    this.#document = 0;
    this.#bytes = 0;
    this.#isBroken = true;
  }

  #loadWith(length: number, password: string): boolean {
    const { call, store } = this.#pdfium;
    const secret = store(Buffer.from(`${password}\0`));
    this.#document = call.FPDF_LoadMemDocument(this.#bytes, length, secret);
    call.free(secret);
    return this.#document !== 0;
  }

  #whyNot(isPasswordGiven: boolean): DocumentError {
    const error = this.#pdfium.call.FPDF_GetLastError();
    if (error === ERROR_PASSWORD && isPasswordGiven) {
      return refusal(
        'document.wrong_password',
        'The password does not open this PDF. Mind capitals and the layout of the keyboard, and try again.',
      );
    }
    if (error === ERROR_PASSWORD) {
      return refusal(
        'document.password_required',
        'This PDF is protected by a password. Send the password along with the file.',
      );
    }
    if (error === ERROR_SECURITY) {
      return refusal(
        'document.protected',
        'This PDF is protected in a way that no password opens (DRM). Hand in an unprotected copy.',
      );
    }
    return damaged(`PDFium gives up with error ${error}`);
  }

  #refuseByCount(): void {
    const pages = this.#pageCount;
    if (pages < 1) {
      throw refusal(
        'document.no_pages',
        'The PDF has 0 pages. Export the document once more and send the result.',
      );
    }
    if (pages > this.#limits.pages) {
      throw refusal(
        'document.too_many_pages',
        `The PDF has ${pages} pages, more than the ${this.#limits.pages} that are accepted. Send it in volumes.`,
        { pages, limit: this.#limits.pages },
      );
    }
  }

  #boxOf(index: number): VisibleBox | null {
    if (index >= this.#pageCount) return null;
    if (!this.#boxes.has(index)) {
      const read = readPage(this.#pdfium, this.#document, index, this.#limits);
      this.#boxes.set(index, read?.box ?? null);
    }
    return this.#boxes.get(index) ?? null;
  }

  #outOfMemory(): DocumentError {
    const limit = this.#limits.memoryBytes;
    return refusal(
      'document.too_much_memory',
      `Reading the PDF takes more than the ${limit} bytes of memory that a document may have. ` +
        'Remove pictures from it or send it in parts.',
      { limit },
    );
  }

  /** A hostile file makes PDFium trap (an assertion, a failed allocation) or overflow its stack. */
  #guard<T>(work: () => T): T {
    if (this.#isBroken) throw new Error('The PDF is closed.');
    try {
      return work();
    } catch (error) {
      const isTrap = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
      if (!isTrap) throw error;
      this.#isBroken = true;
      throw this.#pdfium.isOutOfMemory() ? this.#outOfMemory() : damaged('PDFium fails', error);
    }
  }
}

function tooSlow(page: number, ms: number, limit: number): DocumentError {
  return refusal(
    'document.page_too_slow',
    `Page ${page} of the PDF took ${ms} ms to read; ${limit} ms are allowed. ` +
      'Remove that page, or print the document to a new PDF, and send the result.',
    { page, ms, limit },
  );
}
