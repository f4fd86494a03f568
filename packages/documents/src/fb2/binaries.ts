import type { BookImage } from '../book.ts';
import { readImage } from '../images/read-image.ts';
import type { Limits } from '../limits.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, childrenNamed, textOf } from '../markup/dom.ts';
import type { WarningSink } from '../warnings.ts';

/** The pictures of an FB2 file; only those asked for are decoded. */
export interface Binaries {
  /** The id of the picture for a `binary`; null when there is none or it is too large. */
  add: (binary: string) => string | null;
  read: () => BookImage[];
}

export function collectBinaries(root: Element, limits: Limits, warn: WarningSink): Binaries {
  const elements = new Map<string, Element>();
  for (const element of childrenNamed(root, 'binary')) {
    const id = attribute(element, 'id');
    if (id !== null && !elements.has(id)) elements.set(id, element);
  }
  const chosen = new Map<string, string | null>();
  let total = 0;

  const add = (binary: string): string | null => {
    const known = chosen.get(binary);
    if (known !== undefined) return known;
    const element = elements.get(binary);
    const size = element ? Math.floor((textOf(element).length * 3) / 4) : 0;
    const fits = size <= limits.imageBytes && total + size <= limits.allImagesBytes;
    if (element && !fits) {
      warn(
        'image.too_large',
        `The picture ${binary} (about ${size} bytes) is left out: too large.`,
        { image: binary, size_bytes: size },
      );
    }
    if (element && fits) total += size;
    const id = element && fits ? `image-${chosen.size + 1}` : null;
    chosen.set(binary, id);
    return id;
  };
  const read = (): BookImage[] => {
    const images: BookImage[] = [];
    for (const [binary, id] of chosen) {
      const element = elements.get(binary);
      if (id === null || !element) continue;
      const image = readImage(id, Buffer.from(textOf(element), 'base64'), limits);
      if (image) images.push(image);
      else {
        warn('image.unreadable', `${binary} is no sound PNG, JPEG, GIF, WebP or SVG; left out.`, {
          image: binary,
        });
      }
    }
    return images;
  };
  return { add, read };
}
