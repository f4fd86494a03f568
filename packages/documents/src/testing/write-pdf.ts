import { createHash } from 'node:crypto';

/**
 * Writes small PDFs by hand, for what a typesetting program does not make: crop boxes, turned pages, passwords, accents drawn by hand,
 * outlines with links to the web. PDF 32000-1; the font is Times in the encoding of Windows, which every reader has.
 */
export interface HandMadePage {
  /** Operators between `BT /F1 10 Tf` and `ET`. */
  text: string;
  /** Entries of the page, `/CropBox [10 10 90 90]` for instance. */
  entries?: string;
  /** Operators outside of the text: `0 0 50 50 re f`. */
  drawing?: string;
}

export interface HandMadePdf {
  pages: readonly HandMadePage[];
  /** Further objects and entries of the catalog; the n-th object (from 0) has the number returned by `extraNumber(pages, n)`. */
  extra?: readonly string[];
  catalog?: string;
  /** Encrypts with RC4 of 40 bits (revision 2), with these passwords. */
  passwords?: { user: string; owner: string };
}

export function pageNumber(page: number): number {
  return 4 + 2 * page;
}

export function extraNumber(pages: number, n: number): number {
  return 4 + 2 * pages + n;
}

export function writePdf({ pages, extra = [], catalog = '', passwords }: HandMadePdf): Buffer {
  const encryption = passwords === undefined ? null : encrypt(passwords);
  const kids = pages.map((_, i) => `${pageNumber(i)} 0 R`).join(' ');
  const objects: string[] = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} /MediaBox [0 0 200 300] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>',
  ];
  pages.forEach(({ text, entries = '', drawing = '' }, i) => {
    const number = pageNumber(i) + 1;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /Contents ${number} 0 R /Resources << /Font << /F1 3 0 R >> >> ${entries} >>`,
    );
    const content = `${drawing}\nBT /F1 10 Tf ${text} ET`;
    const bytes = encryption === null ? content : encryption.apply(number, content);
    objects.push(`<< /Length ${bytes.length} >>\nstream\n${bytes}\nendstream`);
  });
  objects.push(...extra);
  const trailer = encryption === null ? '' : `/Encrypt ${objects.length + 1} 0 R ${encryption.id}`;
  if (encryption !== null) objects.push(encryption.dictionary);
  return assemble(objects, trailer);
}

function assemble(objects: readonly string[], trailer: string): Buffer {
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  objects.forEach((object, i) => {
    offsets.push(file.length);
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const size = objects.length + 1;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(
    `${file}xref\n0 ${size}\n0000000000 65535 f \n${table.join('')}${end}`,
    'latin1',
  );
}

const PADDING = Buffer.from(
  '28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a',
  'hex',
);
const ALL_PERMISSIONS = -4;

const pad = (password: string) => Buffer.concat([Buffer.from(password), PADDING]).subarray(0, 32);
const md5 = (...parts: readonly Uint8Array[]) =>
  createHash('md5').update(Buffer.concat(parts)).digest();

/** Algorithms 1 to 4 of section 7.6. */
function encrypt(passwords: { user: string; owner: string }) {
  const id = Buffer.from('0123456789abcdef');
  const owner = rc4(md5(pad(passwords.owner)).subarray(0, 5), pad(passwords.user));
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(ALL_PERMISSIONS);
  const key = md5(pad(passwords.user), owner, permissions, id).subarray(0, 5);
  const user = rc4(key, PADDING);
  return {
    id: `/ID [<${id.toString('hex')}> <${id.toString('hex')}>]`,
    dictionary:
      `<< /Filter /Standard /V 1 /R 2 /O <${owner.toString('hex')}> /U <${user.toString('hex')}> ` +
      `/P ${ALL_PERMISSIONS} >>`,
    apply(object: number, content: string): string {
      const number = Buffer.from([object & 255, object >> 8, 0, 0, 0]);
      const objectKey = md5(key, number).subarray(0, 10);
      return rc4(objectKey, Buffer.from(content, 'latin1')).toString('latin1');
    },
  };
}

/** OpenSSL 3 keeps RC4 locked away. */
function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const at = (i: number) => state[i & 255] ?? 0;
  const swap = (i: number, j: number) => {
    [state[i & 255], state[j & 255]] = [at(j), at(i)];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let j = 0;
  return Buffer.from(
    data.map((byte, n) => {
      j = (j + at(n + 1)) & 255;
      swap(n + 1, j);
      return byte ^ at(at(n + 1) + at(j));
    }),
  );
}
