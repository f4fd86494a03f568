import type { Note } from '../book.ts';
import { createNoteBudget } from '../content/note-budget.ts';
import { inlineText } from '../content/text.ts';
import type { Block, Inline, LeafBlock } from '../content/tree.ts';
import type { FilePlace } from './assemble.ts';
import type { Reference } from './paths.ts';
import type { Aside, ContentFile, PendingNoteRef } from './xhtml-converter.ts';

interface NoteWorld {
  files: readonly ContentFile[];
  locate: (target: Reference) => FilePlace | null;
  /** Chapter and offset in its text of a place in a file. */
  resolve: (place: FilePlace) => { chapter: number; offset: number };
}

/**
 * Ties marks of notes to their notes: to asides taken out of the flow, else to what the target
 * element holds, else to the paragraph it stands in. Marks that lead backwards are the way back from a
 * note and lead nowhere here. Asides nobody refers to become notes where they stood.
 */
export function collectNotes(world: NoteWorld): Map<number, Note[]> {
  const { files } = world;
  const byChapter = new Map<number, Map<string, Note>>();
  const targets = targetPlaces(world);
  const ids = new Map<string, string>();
  const bodies = new Map<string, Block[] | null>();
  const asides = asidesByName(files);
  const used = new Set<Aside>();
  const hasRoom = createNoteBudget();

  const attach = (place: FilePlace, key: string, label: string, body: Block[]): string | null => {
    const { chapter, offset } = world.resolve(place);
    const notes = byChapter.get(chapter) ?? new Map<string, Note>();
    byChapter.set(chapter, notes);
    const id = ids.get(key) ?? `note-${ids.size + 1}`;
    if (notes.has(id)) return id;
    if (!hasRoom(body)) return null;
    ids.set(key, id);
    notes.set(id, { id, label, offset, content: withoutLabel(body, label) });
    return id;
  };

  files.forEach((file, index) => {
    for (const { node, target, place } of file.noteRefs) {
      const key = `${target.path}#${target.fragment ?? ''}`;
      const from: FilePlace = { file: index, leaf: place.from, at: place.at };
      const aside = asides.get(key);
      if (aside) used.add(aside);
      if (!bodies.has(key)) {
        bodies.set(key, aside ? aside.flow.blocks : bodyAt(world, target, targets));
      }
      const body = bodies.get(key);
      const leadsBack = !aside && comparePlaces(world.locate(target), from) <= 0;
      if (body && !leadsBack) node.note = attach(from, key, node.label, body);
    }
  });
  files.forEach((file, index) => {
    for (const aside of file.asides) {
      if (used.has(aside)) continue;
      const place = { file: index, leaf: aside.place.from, at: aside.place.at };
      attach(place, `${file.path}#${aside.id}`, '', aside.flow.blocks);
    }
  });
  return new Map([...byChapter].map(([chapter, notes]) => [chapter, [...notes.values()]]));
}

function asidesByName(files: readonly ContentFile[]): Map<string, Aside> {
  const asides = new Map<string, Aside>();
  for (const file of files) {
    for (const aside of file.asides) asides.set(`${file.path}#${aside.id}`, aside);
  }
  return asides;
}

/** Leaf after leaf of a file at which something begins that a mark refers to: each with the next. */
type NextTargets = Map<number, Map<number, number>>;

function targetPlaces(world: NoteWorld): NextTargets {
  const places = new Map<number, Set<number>>();
  for (const { target } of world.files.flatMap((file): PendingNoteRef[] => file.noteRefs)) {
    const place = world.locate(target);
    if (!place) continue;
    const leaves = places.get(place.file) ?? new Set<number>();
    places.set(place.file, leaves.add(place.leaf));
  }
  return new Map(
    [...places].map(([file, leaves]) => {
      const sorted = [...leaves].sort((a, b) => a - b);
      return [file, new Map(sorted.map((leaf, i) => [leaf, sorted[i + 1] ?? leaf + 1]))];
    }),
  );
}

/** A target with more paragraphs is a chapter, not a note. */
const MAX_LEAVES = 200;
/** Leaves a note without an element of its own may have at most, besides its first. */
const MAX_FURTHER_LEAVES = 5;

function bodyAt(world: NoteWorld, target: Reference, targets: NextTargets): LeafBlock[] | null {
  const place = world.locate(target);
  const file = place && world.files[place.file];
  if (!place || !file || target.fragment === null || !file.flow.anchors.has(target.fragment)) {
    return null;
  }
  const extent = file.extents.get(target.fragment);
  const isBlock = extent !== undefined && extent.to > extent.from;
  const from = isBlock ? extent.from : place.leaf;
  const next = targets.get(place.file)?.get(from) ?? from + 1;
  const to = next - from <= 1 + MAX_FURTHER_LEAVES ? next : from + 1;
  const end = isBlock ? extent.to : to;
  if (end - from > MAX_LEAVES) return null;
  const leaves = file.flow.leaves.slice(from, end);
  return leaves.length === 0 ? null : leaves.map((leaf) => leaf.block);
}

function comparePlaces(a: FilePlace | null, b: FilePlace): number {
  if (!a) return 1;
  return a.file - b.file || a.leaf - b.leaf || a.at - b.at;
}

/** A note without the number it begins with, which its mark shows already. */
function withoutLabel(content: Block[], label: string): Block[] {
  const [first, ...others] = content;
  if (first?.type !== 'paragraph' || label === '') return content;
  const [opening] = first.content;
  if (!opening) return content;
  const rest = first.content.slice(1);
  const text = inlineText([opening]);
  // "1 Text", "[1] Text", "1. Text", or the number raised or linked by itself.
  const [number = ''] = /^\s*[[(]?[\p{L}\p{N}*†‡§¶]+[\])]?[.:]?(\s+|$)/u.exec(text) ?? [];
  if (number.replace(/[^\p{L}\p{N}*†‡§¶]/gu, '') !== label) return content;
  if (opening.type === 'text') {
    return [
      { ...first, content: trimStart([{ ...opening, text: text.slice(number.length) }, ...rest]) },
      ...others,
    ];
  }
  return number.length === text.length
    ? [{ ...first, content: trimStart(rest) }, ...others]
    : content;
}

/** Without white space in front, and without a text node that is nothing else. */
function trimStart(content: Inline[]): Inline[] {
  const [first, ...rest] = content;
  if (first?.type !== 'text') return content;
  const text = first.text.trimStart();
  return text === '' ? rest : [{ ...first, text }, ...rest];
}
