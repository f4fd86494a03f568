import type { BookImage } from '../book.ts';
import type { Limits } from '../limits.ts';
import { readImage } from '../images/read-image.ts';
import type { WarningSink } from '../warnings.ts';

/** Reads the pictures a book refers to, each once. */
export interface MobiImages {
  /** The id of picture `index`, from 0; null when there is none or it is too large. */
  add(index: number): string | null;
  list(): BookImage[];
}

/** `records` are those from the first picture on. */
export function collectImages(
  records: readonly Buffer[],
  limits: Limits,
  warn: WarningSink,
): MobiImages {
  const images = new Map<number, BookImage | null>();
  let total = 0;

  const read = (index: number): BookImage | null => {
    const record = records[index];
    if (!record) return null;
    const size = record.length;
    if (size > limits.imageBytes || total + size > limits.allImagesBytes) {
      warn('image.too_large', `Picture ${index + 1} (${size} bytes) is left out: too large.`, {
        image: index + 1,
        size_bytes: size,
      });
      return null;
    }
    // A copy: the record is a view of the whole file.
    const image = readImage(`image-${index + 1}`, new Uint8Array(record), limits);
    if (image) total += size;
    else {
      warn('image.unreadable', `Picture ${index + 1} is no sound PNG, JPEG or GIF; left out.`, {
        image: index + 1,
      });
    }
    return image;
  };
  const add = (index: number): string | null => {
    const known = images.get(index);
    if (known !== undefined) return known?.id ?? null;
    const image = read(index);
    images.set(index, image);
    return image?.id ?? null;
  };
  const list = (): BookImage[] => [...images.values()].filter((image) => image !== null);
  return { add, list };
}
