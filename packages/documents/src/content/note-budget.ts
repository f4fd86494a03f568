import { renderText } from './text.ts';
import type { Block } from './tree.ts';

/** Longer "notes" are chapters somebody linked to with a star. */
const MAX_NOTE_CHARACTERS = 20_000;
/** All notes of a book together. Chapters share notes, so this bounds what a hostile file can cause. */
const MAX_ALL_CHARACTERS = 20_000_000;

/** Decides for each note, each time it is attached to a chapter, whether there is room for it. */
export function createNoteBudget(): (content: readonly Block[]) => boolean {
  const lengths = new Map<readonly Block[], number>();
  let left = MAX_ALL_CHARACTERS;
  return (content) => {
    const length = lengths.get(content) ?? renderText(content).length;
    lengths.set(content, length);
    if (length > MAX_NOTE_CHARACTERS || length > left) return false;
    left -= length;
    return true;
  };
}
