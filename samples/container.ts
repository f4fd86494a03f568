import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export interface ContainerEntry {
  path: string;
  content: string | Buffer;
}

/**
 * Packs an EPUB of either version: `mimetype` first, as the container format demands, `META-INF/container.xml`, then the
 * entries in their order. The same entries give the same bytes on every machine, hence no compression (deflate's output
 * depends on the processor: Node's zlib hashes with whatever instructions it finds) and a DOS date without a time zone.
 *
 * @param date ISO day that every entry bears
 */
export async function packEpub(
  packagePath: string,
  entries: ContainerEntry[],
  date: string,
): Promise<Buffer> {
  const zip = new ZipFile();
  const options = {
    mtime: new Date(`${date}T00:00:00`),
    mode: 0o100644,
    compress: false,
    forceDosTimestamp: true,
  };
  const all: ContainerEntry[] = [
    { path: 'mimetype', content: 'application/epub+zip' },
    { path: 'META-INF/container.xml', content: containerXml(packagePath) },
    ...entries,
  ];
  for (const { path, content } of all) {
    zip.addBuffer(Buffer.isBuffer(content) ? content : Buffer.from(content), path, options);
  }
  zip.end();
  return await buffer(Readable.from(zip.outputStream));
}

function containerXml(packagePath: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="${packagePath}" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
`;
}
