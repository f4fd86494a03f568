import type { Archive } from '../archive/zip.ts';
import { decodeText } from '../encoding/decode-text.ts';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { attribute, descendantsNamed } from '../markup/dom.ts';
import { parseXml } from '../markup/parse-markup.ts';

/** Algorithms that hide fonts only: the text is readable. */
const FONT_OBFUSCATION: ReadonlySet<string> = new Set([
  'http://www.idpf.org/2008/embedding',
  'http://ns.adobe.com/pdf/enc#RC',
]);

/** Throws DocumentError `document.protected` when the text of the EPUB is encrypted. */
export async function refuseProtected(archive: Archive, limits: Limits): Promise<void> {
  const rights = archive.find('META-INF/rights.xml');
  if (rights !== null) throw protectedBook(rights);
  const encryption = archive.find('META-INF/encryption.xml');
  if (encryption === null) return;
  const document = parseXml(decodeText(await archive.read(encryption)).text, limits);
  for (const method of descendantsNamed(document, 'encryptionmethod')) {
    const algorithm = (attribute(method, 'algorithm') ?? '').trim();
    if (!FONT_OBFUSCATION.has(algorithm)) throw protectedBook(algorithm);
  }
}

function protectedBook(sign: string): DocumentError {
  return new DocumentError(
    'document.protected',
    `The book is protected against copying (${sign.slice(0, 200)}), so its text cannot be read. ` +
      'Send a copy without protection, for instance from the publisher or a library without DRM.',
    { sign: sign.slice(0, 200) },
  );
}
