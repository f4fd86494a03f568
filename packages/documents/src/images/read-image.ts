import type { BookImage } from '../book.ts';
import type { Limits } from '../limits.ts';
import { sanitizeSvg } from './sanitize-svg.ts';

/**
 * A picture by what its bytes are, whatever the book calls it: a page of HTML declared as a JPEG must
 * not be served as either. Null when it is of no kind that is shown.
 */
export function readImage(id: string, bytes: Uint8Array, limits: Limits): BookImage | null {
  const mediaType = sniff(bytes);
  if (mediaType !== null) return { id, mediaType, bytes };
  if (bytes.byteLength > limits.svgBytes) return null;
  const svg = sanitizeSvg(bytes, limits);
  return svg && { id, mediaType: 'image/svg+xml', bytes: svg };
}

function sniff(bytes: Uint8Array): Exclude<BookImage['mediaType'], 'image/svg+xml'> | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.byteLength));
  const ascii = head.toString('latin1');
  if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (ascii.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (ascii.startsWith('GIF87a') || ascii.startsWith('GIF89a')) return 'image/gif';
  if (ascii.startsWith('RIFF') && ascii.slice(8, 12) === 'WEBP') return 'image/webp';
  return null;
}
