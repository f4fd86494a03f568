import type { Description } from '@scriptorium/contract';
import type { Translate } from '../../../i18n/index.ts';
import type { Kind } from './chapter-view.ts';
import type { readerMessages } from './messages/index.ts';

export type ReaderWords = Translate<(typeof readerMessages)['en']>;

/** The heading above descriptions of a kind. */
export const PLURALS = {
  place: 'places',
  character: 'characters',
  atmosphere: 'atmospheres',
  object: 'objects',
} as const satisfies Record<Kind, string>;

const GLOSS_NAMES = {
  place: 'glossOfPlace',
  character: 'glossOfCharacter',
  atmosphere: 'glossOfAtmosphere',
  object: 'glossOfObject',
} as const satisfies Record<Kind, string>;

/** How much of a passage the name of its mark repeats: the whole of it stands before the mark. */
const QUOTED = 60;

/** What a screen reader says of the mark behind a passage. */
export function glossName(t: ReaderWords, { kind, quote }: Description): string {
  const words = quote.length <= QUOTED ? quote : `${quote.slice(0, QUOTED).trimEnd()}…`;
  return t(GLOSS_NAMES[kind], { quote: words.toWellFormed() });
}
