import type { Novel } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import classes from './novel-page.module.css';

/** The first sentences, as the PDF was read, and the chapters it names: whether the reading was right shows here. */
export function NovelOpening({ novel }: { readonly novel: Novel }) {
  const t = useMessages(novelsMessages);
  const language = novel.language ?? undefined;
  return (
    <>
      <section aria-labelledby="preview-title">
        <h2 id="preview-title" className={classes['heading']}>
          {t('previewTitle')}
        </h2>
        <p className={classes['preview']} lang={language}>
          {novel.preview.join(' ')}
        </p>
      </section>
      <section aria-labelledby="chapters-title">
        <h2 id="chapters-title" className={classes['heading']}>
          {t('chaptersTitle')}
        </h2>
        {novel.chapters.length === 0 ? (
          <p className={classes['quiet']}>{t('noChapters')}</p>
        ) : (
          <ol className={classes['chapters']} tabIndex={0} aria-labelledby="chapters-title">
            {novel.chapters.map((chapter, index) => (
              // A book may name two chapters alike, even on one page.
              <li key={`${index} ${chapter.title}`} data-level={Math.min(chapter.level, 3)}>
                <span lang={language}>{chapter.title}</span>
                <span className={classes['leader']} aria-hidden="true" />
                <span className="figures">{t('pageNumber', { page: chapter.page })}</span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </>
  );
}
