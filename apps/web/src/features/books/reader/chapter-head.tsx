import type { Chapter } from '@scriptorium/contract';
import { KindFilter } from './kind-filter.tsx';
import { Preparation } from './preparation.tsx';
import type { ReadingSettings } from './reading-settings.ts';
import type { ChapterDescriptions } from './use-descriptions.ts';
import classes from './reader.module.css';

/** How far into a chapter its own heading stands, if it has one. */
const HEADING_WITHIN = 2000;

/** Above the text: where in the book it is, and how its descriptions are doing. */
export function ChapterHead({
  chapter,
  descriptions,
  settings,
  change,
}: {
  readonly chapter: Chapter;
  readonly descriptions: ChapterDescriptions;
  readonly settings: ReadingSettings;
  readonly change: (changed: Partial<ReadingSettings>) => void;
}) {
  // A chapter that begins with its heading does not need it twice, but for those who go by headings.
  const hasHeading = /<h[1-6] /u.test(chapter.html.slice(0, HEADING_WITHIN));
  return (
    <header className={classes['head']}>
      {chapter.path.length > 0 && <p className={classes['path']}>{chapter.path.join(' · ')}</p>}
      <h1 className={hasHeading ? 'visually-hidden' : classes['title']}>{chapter.title}</h1>
      <Preparation chapter={chapter} descriptions={descriptions} />
      <KindFilter
        descriptions={descriptions.found?.descriptions ?? []}
        hidden={settings.hidden}
        onChange={(hidden) => change({ hidden })}
      />
    </header>
  );
}
