import type { Archive } from '../archive/zip.ts';
import type { BookImage } from '../book.ts';
import type { ImageRef } from '../content/tree.ts';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { attribute, childrenNamed } from '../markup/dom.ts';
import { readImage } from '../images/read-image.ts';
import type { WarningSink } from '../warnings.ts';
import type { Package } from './package.ts';

/** Hands out ids to the pictures a book refers to, and reads them at the end. */
export interface ImageCollector {
  /** The id for a name in the archive; null when there is no such picture or it is too large. */
  add(path: string): string | null;
  read(): Promise<BookImage[]>;
}

const IMAGE_NAME = /\.(jpe?g|png|gif|webp|svg)$/i;

export function collectImages(
  archive: Archive,
  pack: Package,
  limits: Limits,
  warn: WarningSink,
): ImageCollector {
  const typed = new Set(
    pack.manifest.filter((i) => i.mediaType.startsWith('image/')).map((i) => i.path),
  );
  const ids = new Map<string, string | null>();
  let total = 0;

  const choose = (name: string): string | null => {
    if (!IMAGE_NAME.test(name) && !typed.has(name)) return null;
    const size = archive.size(name);
    if (size > limits.imageBytes || total + size > limits.allImagesBytes) {
      warn('image.too_large', `The picture ${name} (${size} bytes) is left out: too large.`, {
        image: name,
        size_bytes: size,
      });
      return null;
    }
    total += size;
    return `image-${ids.size + 1}`;
  };
  const add = (path: string): string | null => {
    const name = archive.find(path);
    if (name === null) return null;
    const known = ids.get(name);
    if (known !== undefined) return known;
    const id = choose(name);
    ids.set(name, id);
    return id;
  };
  const read = async (): Promise<BookImage[]> => {
    const images: BookImage[] = [];
    for (const [name, id] of ids) {
      if (id === null) continue;
      const bytes = await readOrNull(archive, name);
      const image = bytes && readImage(id, bytes, limits);
      if (image) images.push(image);
      else {
        warn('image.unreadable', `${name} is no sound PNG, JPEG, GIF, WebP or SVG; left out.`, {
          image: name,
        });
      }
    }
    return images;
  };
  return { add, read };
}

/** The cover: `properties="cover-image"`, else EPUB 2's `meta name="cover"`, else the guide's picture. */
export function findCover(pack: Package, images: ImageCollector): ImageRef | null {
  const metas = pack.metadata ? childrenNamed(pack.metadata, 'meta') : [];
  const named = metas.find((meta) => attribute(meta, 'name') === 'cover');
  const coverId = named && attribute(named, 'content');
  const candidates = [
    ...pack.manifest.filter((item) => item.properties.includes('cover-image')),
    ...pack.manifest.filter((item) => item.id === coverId),
    ...pack.guide.filter(({ type }) => type === 'cover').map(({ target }) => target),
  ];
  for (const { path } of candidates) {
    const image = images.add(path);
    if (image !== null) return { image, alt: '' };
  }
  return null;
}

/** A damaged picture is no reason to refuse a book. */
async function readOrNull(archive: Archive, name: string): Promise<Uint8Array | null> {
  try {
    return await archive.read(name);
  } catch (error) {
    if (error instanceof DocumentError && error.code === 'document.damaged_archive') return null;
    throw error;
  }
}
