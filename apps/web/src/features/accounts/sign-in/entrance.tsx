import type { ReactNode } from 'react';
import { LanguageMenu, ThemeMenu } from '../../../app/shell/choice-menus.tsx';
import { Wordmark } from '../../../app/shell/wordmark.tsx';
import { useMessages } from '../../../i18n/index.ts';
import { signInMessages } from './messages/index.ts';
import classes from './entrance.module.css';

/** The frame of the screens before one is signed in: the form, and beside it a page that shows what is done here. */
export function Entrance({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes['entrance']}>
      <main id="content" className={classes['door']}>
        <title>{`${title} · Scriptorium`}</title>
        <div className={classes['top']}>
          <Wordmark />
          <span className={classes['choices']}>
            <LanguageMenu />
            <ThemeMenu />
          </span>
        </div>
        <div className={classes['form']}>
          <h1 className={classes['title']}>{title}</h1>
          {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
          {children}
        </div>
      </main>
      <Specimen />
    </div>
  );
}

/** A page with two passages and their glosses in the margin: what this program does, without a word about it. */
function Specimen() {
  const t = useMessages(signInMessages);
  const [place, mood, text] = [t('specimenPlace'), t('specimenMood'), t('specimen')];
  const [before = '', afterPlace = ''] = text.split(place);
  const [between = '', after = ''] = afterPlace.split(mood);
  return (
    <aside className={classes['specimen']}>
      <div className={classes['sheet']}>
        <p className={classes['text']}>
          {before}
          <Passage gloss={t('specimenGloss')} kind="place">
            {place}
          </Passage>
          {between}
          <Passage gloss={t('specimenMoodGloss')} kind="atmosphere">
            {mood}
          </Passage>
          {after}
        </p>
      </div>
    </aside>
  );
}

function Passage({
  gloss,
  kind,
  children,
}: {
  readonly gloss: string;
  readonly kind: string;
  readonly children: string;
}) {
  return (
    <span className={classes['passage']} data-kind={kind}>
      {children}
      <span className={classes['gloss']}>{gloss}</span>
    </span>
  );
}
