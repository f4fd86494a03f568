import type { Archive } from '../archive/zip.ts';
import { decodeText } from '../encoding/decode-text.ts';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Element } from '../markup/dom.ts';
import {
  attribute,
  childNamed,
  childrenNamed,
  descendantsNamed,
  firstNamed,
} from '../markup/dom.ts';
import { parseXml } from '../markup/parse-markup.ts';
import type { WarningSink } from '../warnings.ts';
import type { Reference } from './paths.ts';
import { resolveHref } from './paths.ts';

export interface ManifestItem {
  id: string;
  /** Name inside the archive; not necessarily there. */
  path: string;
  mediaType: string;
  properties: string[];
  fallback: string | null;
}

export interface SpineItem {
  item: ManifestItem;
  linear: boolean;
}

/** A place of a known kind: a `guide` reference here, a `landmarks` entry elsewhere. */
export interface TypedPlace {
  type: string;
  target: Reference;
}

/** The package document (OPF), its paths resolved. */
export interface Package {
  path: string;
  metadata: Element | null;
  manifest: ManifestItem[];
  spine: SpineItem[];
  /** The item named by `spine@toc`. */
  tocId: string | null;
  direction: 'ltr' | 'rtl' | null;
  guide: TypedPlace[];
}

/**
 * Finds and reads the package document of an EPUB.
 * Throws DocumentError `document.damaged_package` when there is none.
 */
export async function readPackage(
  archive: Archive,
  limits: Limits,
  warn: WarningSink,
): Promise<Package> {
  const name = await findPackage(archive, limits, warn);
  const source = decodeText(await archive.read(name));
  const root = firstNamed(parseXml(source.text, limits), 'package');
  const spineElement = root && childNamed(root, 'spine');
  const manifestElement = root && childNamed(root, 'manifest');
  if (!root || !spineElement || !manifestElement) {
    throw damagedPackage(`The package document ${name} has no manifest or no spine.`);
  }
  const manifest = readManifest(manifestElement, name, warn);
  const direction = attribute(spineElement, 'page-progression-direction');
  const guide = childNamed(root, 'guide');
  return {
    path: name,
    metadata: childNamed(root, 'metadata'),
    manifest,
    spine: readSpine(spineElement, manifest, warn),
    tocId: attribute(spineElement, 'toc'),
    direction: direction === 'rtl' || direction === 'ltr' ? direction : null,
    guide: guide ? readGuide(guide, name) : [],
  };
}

async function findPackage(archive: Archive, limits: Limits, warn: WarningSink): Promise<string> {
  const container = archive.find('META-INF/container.xml');
  if (container !== null) {
    const root = parseXml(decodeText(await archive.read(container)).text, limits);
    const paths = descendantsNamed(root, 'rootfile').map((e) => attribute(e, 'full-path') ?? '');
    // Several renditions are rare; the first is the default by the specification.
    for (const path of paths) {
      const name = archive.find(path.replace(/^\/+/, ''));
      if (name !== null) return name;
    }
  }
  const opf = archive.names.find((name) => name.toLowerCase().endsWith('.opf'));
  if (opf === undefined) {
    throw damagedPackage('The archive has no package document: META-INF/container.xml names none.');
  }
  warn('container.repaired', `META-INF/container.xml names no package document; ${opf} is used.`, {
    file: opf,
  });
  return opf;
}

function readManifest(element: Element, base: string, warn: WarningSink): ManifestItem[] {
  const items: ManifestItem[] = [];
  for (const item of childrenNamed(element, 'item')) {
    const id = attribute(item, 'id');
    const href = attribute(item, 'href');
    if (id === null || href === null) continue;
    const target = resolveHref(href, base);
    if (target === null) {
      warn(
        'manifest.external',
        `The manifest lists ${href}, which is outside of the book; left out.`,
        { address: href },
      );
      continue;
    }
    items.push({
      id,
      path: target.path,
      mediaType: (attribute(item, 'media-type') ?? '').trim().toLowerCase(),
      properties: (attribute(item, 'properties') ?? '').split(/\s+/),
      fallback: attribute(item, 'fallback'),
    });
  }
  return items;
}

function readSpine(element: Element, manifest: ManifestItem[], warn: WarningSink): SpineItem[] {
  const byId = new Map<string, ManifestItem>();
  for (const item of manifest) if (!byId.has(item.id)) byId.set(item.id, item);
  const seen = new Set<string>();
  const spine: SpineItem[] = [];
  for (const reference of childrenNamed(element, 'itemref')) {
    const id = attribute(reference, 'idref') ?? '';
    const item = byId.get(id);
    if (!item) {
      warn('spine.unknown_item', `The spine names the item "${id}", which the manifest lacks.`, {
        item: id,
      });
      continue;
    }
    // Also unites items that differ in a fragment only, as some manuals write them.
    if (seen.has(item.path)) continue;
    seen.add(item.path);
    spine.push({ item, linear: attribute(reference, 'linear')?.trim() !== 'no' });
  }
  return spine;
}

function readGuide(element: Element, base: string): TypedPlace[] {
  return childrenNamed(element, 'reference').flatMap((reference) => {
    const target = resolveHref(attribute(reference, 'href') ?? '', base);
    const type = (attribute(reference, 'type') ?? '').trim().toLowerCase();
    return target && type !== '' ? [{ type, target }] : [];
  });
}

function damagedPackage(what: string): DocumentError {
  return new DocumentError(
    'document.damaged_package',
    `${what} Open the book with another program, such as calibre, and save it as EPUB again.`,
  );
}
