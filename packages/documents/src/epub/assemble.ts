import type { Reference } from './paths.ts';
import type { RawTocEntry } from './toc.ts';
import type { ContentFile } from './xhtml-converter.ts';

/** Where an entry of the table of contents points to, in the files as read. */
export interface FilePlace {
  file: number;
  /** Leaf of the file, and UTF-16 code units into it. */
  leaf: number;
  at: number;
}

/** An entry of the table of contents tied to the files. */
export interface PlacedEntry {
  label: string;
  /** 1 for the outermost. */
  level: number;
  place: FilePlace | null;
  parent: PlacedEntry | null;
  children: PlacedEntry[];
}

/** A stretch of one file: top-level blocks `from` up to but without `to`. */
export interface Segment {
  file: number;
  from: number;
  to: number;
}

/** A chapter to be: its stretches in reading order and the entry it is named after. */
export interface Draft {
  entry: PlacedEntry | null;
  segments: Segment[];
}

/** Finds where a reference leads; an unknown fragment means the start of its file. */
export function createLocator(
  files: readonly ContentFile[],
  findName: (path: string) => string | null,
): (target: Reference) => FilePlace | null {
  const byName = new Map(files.map((file, i) => [file.path, i]));
  return ({ path, fragment }) => {
    const file = byName.get(findName(path) ?? path);
    const content = file === undefined ? undefined : files[file];
    if (file === undefined || !content) return null;
    const anchor = fragment === null ? undefined : content.flow.anchors.get(fragment);
    return { file, leaf: anchor?.from ?? 0, at: anchor?.at ?? 0 };
  };
}

export function placeEntries(
  entries: readonly RawTocEntry[],
  locate: (target: Reference) => FilePlace | null,
  parent: PlacedEntry | null = null,
): PlacedEntry[] {
  return entries.map((raw) => {
    const entry: PlacedEntry = {
      label: raw.label,
      level: (parent?.level ?? 0) + 1,
      place: raw.target ? locate(raw.target) : null,
      parent,
      children: [],
    };
    entry.children = placeEntries(raw.children, locate, entry);
    return entry;
  });
}

/** All entries in document order. */
export function flatten<T extends { children: T[] }>(entries: readonly T[]): T[] {
  const flat: T[] = [];
  const walk = (list: readonly T[]): void => {
    for (const entry of list) {
      flat.push(entry);
      walk(entry.children);
    }
  };
  walk(entries);
  return flat;
}

/** An entry for the choice of level: `target` is file and fragment, null when it leads nowhere. */
export interface LeveledTarget {
  level: number;
  file: string | null;
  fragment: string | null;
}

/**
 * The level of the table of contents whose fragments begin chapters; deeper ones stay places inside
 * of a chapter. In a book of one file it is the level of most entries; else the level at which most
 * files begin. (The shallowest such level would unite all chapters of a part that begins in the file
 * of its first chapter.) A part with the same target as its first chapter leaves the file to the
 * chapter, if other files begin at that level too.
 */
export function chapterLevel(entries: readonly LeveledTarget[]): number {
  const linked = entries.filter((entry) => entry.file !== null);
  const openers = new Map<string | null, LeveledTarget[]>();
  for (const entry of linked) {
    const chain = openers.get(entry.file);
    const last = chain?.at(-1);
    if (!chain) openers.set(entry.file, [entry]);
    else if (last?.fragment === entry.fragment && entry.level === last.level + 1) chain.push(entry);
  }
  if (openers.size <= 1) return mostFrequent(linked.map(({ level }) => level));
  const chains = [...openers.values()].map((chain) => chain.map(({ level }) => level));
  const first = new Set(chains.map(([level]) => level));
  return mostFrequent(chains.flatMap((chain) => chain.findLast((level) => first.has(level)) ?? []));
}

function mostFrequent(levels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const level of levels) counts.set(level, (counts.get(level) ?? 0) + 1);
  let best = 1;
  for (const [level, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && level < best)) best = level;
  }
  return best;
}

/** The top-level block a place is in; past the end: one more than the last. */
export function topOf(files: readonly ContentFile[], place: FilePlace): number {
  const flow = files[place.file]?.flow;
  return flow?.leaves[place.leaf]?.top ?? flow?.blocks.length ?? 0;
}

/**
 * Cuts the files into chapters. An entry begins one when it opens a file or stands at chapter level
 * or above; a file without such an entry goes on with the chapter before, unless `standsAlone`.
 */
export function draftChapters(
  files: readonly ContentFile[],
  entries: readonly PlacedEntry[],
  level: number,
  standsAlone: (file: number) => boolean,
): Draft[] {
  const starts = entriesByStart(files, entries, level);
  const drafts: Draft[] = [];
  files.forEach((content, file) => {
    const cuts = starts.get(file) ?? new Map<number, PlacedEntry>();
    const tops = [...cuts.keys()].sort((a, b) => a - b);
    const end = content.flow.blocks.length;
    const [first = end] = tops;
    if (first > 0 || tops.length === 0) {
      const head: Segment = { file, from: 0, to: first };
      const before = drafts.at(-1);
      const isOwn = !before || (tops.length === 0 && standsAlone(file));
      if (isOwn) drafts.push({ entry: null, segments: [head] });
      else before.segments.push(head);
    }
    tops.forEach((from, i) => {
      const segment = { file, from, to: tops[i + 1] ?? end };
      drafts.push({ entry: cuts.get(from) ?? null, segments: [segment] });
    });
  });
  return drafts;
}

/** For each file the blocks at which chapters begin, with the entry that names the chapter. */
function entriesByStart(
  files: readonly ContentFile[],
  entries: readonly PlacedEntry[],
  level: number,
): Map<number, Map<number, PlacedEntry>> {
  const starts = new Map<number, Map<number, PlacedEntry>>();
  for (const entry of entries) {
    if (!entry.place) continue;
    const top = topOf(files, entry.place);
    const size = files[entry.place.file]?.flow.blocks.length ?? 0;
    const isWhole = top === 0;
    if (!isWhole && (entry.level > level || top >= size)) continue;
    const cuts = starts.get(entry.place.file) ?? new Map<number, PlacedEntry>();
    starts.set(entry.place.file, cuts);
    const named = cuts.get(top);
    // A part and its first chapter may begin at one place: the chapter names it, the part is above.
    if (!named || (entry.level <= level && isBelow(entry, named))) cuts.set(top, entry);
  }
  return starts;
}

function isBelow(entry: PlacedEntry, other: PlacedEntry): boolean {
  for (let above = entry.parent; above; above = above.parent) if (above === other) return true;
  return false;
}
