import type { Archive } from '../archive/zip.ts';
import { decodeText, warnOfRepair } from '../encoding/decode-text.ts';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { ElementBudget } from '../markup/parse-markup.ts';
import type { WarningSink } from '../warnings.ts';
import type { ImageCollector } from './images.ts';
import type { ManifestItem, Package } from './package.ts';
import { convertXhtml } from './xhtml.ts';
import type { ContentFile } from './xhtml-converter.ts';

/** Media types that are read as text. Some books write the wrong one, so the name counts as well. */
function isXhtml(item: ManifestItem): boolean {
  if (/^(application\/xhtml\+xml|text\/html|text\/x-oeb1-document)$/.test(item.mediaType))
    return true;
  return item.mediaType === '' && /\.x?html?$/i.test(item.path);
}

/** A file of the spine that is in the archive and can be shown. */
interface Readable {
  item: ManifestItem;
  name: string;
}

export interface SpineReading {
  readable: Readable[];
  /** The name under which a file of the spine is read; null for all others. */
  find: (path: string) => string | null;
}

/**
 * Chooses what to read, in reading order: the linear spine, then what lies outside of it. Each file
 * once, under whatever spellings the spine names it.
 * Throws DocumentError `document.too_much_text`.
 */
export function chooseFiles(
  archive: Archive,
  pack: Package,
  limits: Limits,
  warn: WarningSink,
): SpineReading {
  const byId = new Map(pack.manifest.toReversed().map((item) => [item.id, item]));
  const readable = new Map<string, Readable>();
  const linear = pack.spine.filter((entry) => entry.linear);
  const others = pack.spine.filter((entry) => !entry.linear);
  for (const { item } of [...linear, ...others]) {
    const shown = followFallback(item, byId, warn);
    const name = archive.find(shown.path);
    if (name === null) {
      warn('spine.missing_file', `The spine lists ${shown.path}, which is not in the archive.`, {
        file: shown.path,
      });
    } else if (!readable.has(name)) readable.set(name, { item: shown, name });
  }
  warnOfUnlisted(pack, readable.size, warn);
  const total = [...readable.values()]
    .filter(({ item }) => isXhtml(item))
    .reduce((sum, { name }) => sum + archive.size(name), 0);
  if (total > limits.textBytes) {
    throw new DocumentError(
      'document.too_much_text',
      `The book has ${total} bytes of text, more than the ${limits.textBytes} that are accepted. ` +
        'Send it in volumes.',
      { bytes: total, limit: limits.textBytes },
    );
  }
  const find = (path: string): string | null => {
    const name = archive.find(path);
    return name !== null && readable.has(name) ? name : null;
  };
  return { readable: [...readable.values()], find };
}

/** A spine that names missing files may have forgotten those that are there. */
function warnOfUnlisted(pack: Package, read: number, warn: WarningSink): void {
  if (read >= pack.spine.length) return;
  const listed = new Set(pack.spine.map((entry) => entry.item.path));
  const unlisted = pack.manifest.filter(
    (item) => isXhtml(item) && !listed.has(item.path) && !item.properties.includes('nav'),
  );
  if (unlisted.length === 0) return;
  warn(
    'spine.unlisted_files',
    `${unlisted.length} documents are in the book but not in its reading order, ` +
      `such as ${unlisted[0]?.path ?? ''}; they are left out.`,
    { count: unlisted.length, example: unlisted[0]?.path ?? '' },
  );
}

/** Reads and converts one file of the spine. */
export async function readContentFile(
  archive: Archive,
  { item, name }: Readable,
  context: {
    limits: Limits;
    spine: SpineReading;
    images: ImageCollector;
    boundaries: ReadonlySet<string>;
    budget: ElementBudget;
    warn: WarningSink;
  },
): Promise<ContentFile> {
  const { limits, spine, images, boundaries, budget, warn } = context;
  if (!isXhtml(item)) return pictureFile(item, name, images, warn);
  const decoded = decodeText(await archive.read(name));
  warnOfRepair(warn, decoded.repair, name);
  const file = convertXhtml(decoded.text, name, {
    limits,
    boundaries,
    budget,
    findFile: (path) => spine.find(path),
    imageId: (path) => images.add(path),
  });
  if (item.properties.includes('nav')) {
    file.typed.push({ types: ['toc'], from: 0, to: file.flow.leaves.length });
  }
  return file;
}

/** Fallbacks of fallbacks: one is usual, and a circle or a chain of thousands is an attack. */
const MAX_FALLBACKS = 8;

function followFallback(
  item: ManifestItem,
  byId: ReadonlyMap<string, ManifestItem>,
  warn: WarningSink,
): ManifestItem {
  let current = item;
  for (let hop = 0; hop < MAX_FALLBACKS; hop += 1) {
    if (isXhtml(current) || current.fallback === null) break;
    const next = byId.get(current.fallback);
    if (!next) break;
    current = next;
  }
  if (current !== item && !isXhtml(current)) return item;
  if (current !== item) {
    warn('spine.fallback', `${item.path} is shown as ${current.path}.`, {
      file: item.path,
      shown: current.path,
    });
  }
  return current;
}

/** A picture in the spine is a page with that picture; other foreign files are an empty page. */
function pictureFile(
  item: ManifestItem,
  name: string,
  images: ImageCollector,
  warn: WarningSink,
): ContentFile {
  const image = images.add(name);
  if (image === null) {
    warn('spine.foreign_file', `${name} (${item.mediaType}) is not text and has no fallback.`, {
      file: name,
      type: item.mediaType,
    });
  }
  const block = image === null ? null : ({ type: 'image', image, alt: '' } as const);
  return {
    path: name,
    title: '',
    language: null,
    direction: null,
    flow: {
      blocks: block ? [block] : [],
      leaves: block ? [{ block, top: 0 }] : [],
      anchors: new Map(),
    },
    links: [],
    noteRefs: [],
    asides: [],
    extents: new Map(),
    typed: [],
    linked: [],
  };
}
