import { Button } from '@mantine/core';
import { IconQuote } from '@tabler/icons-react';
import { useMessages } from '../../../i18n/index.ts';
import { CardsSheet } from './cards-sheet.tsx';
import { ChapterEnds } from './chapter-ends.tsx';
import { ChapterHead } from './chapter-head.tsx';
import { ChapterText } from './chapter-text.tsx';
import { ContentsDrawer } from './contents-drawer.tsx';
import { GalleryDrawer } from './gallery-drawer.tsx';
import { Margin } from './margin.tsx';
import { readerMessages } from './messages/index.ts';
import { PlaceNotices } from './place-notices.tsx';
import { ReaderBar } from './reader-bar.tsx';
import { SearchDrawer } from './search-drawer.tsx';
import { useReader, type ReaderProps } from './use-reader.ts';
import classes from './reader.module.css';

/** One chapter that stands on the page, with everything around it. Another chapter is another reader. */
export function Reader(props: ReaderProps) {
  const { book, chapter, userId, reading, stayed, onStay, onGo } = props;
  const { settings, change } = reading;
  const t = useMessages(readerMessages);
  const reader = useReader(props);
  const { view, text, panel, setPanel, hasMargin, shown, turning } = reader;
  const language = book.language ?? undefined;
  const cards = {
    descriptions: shown,
    lit: reader.lit,
    language,
    onLight: reader.setLit,
    onOpen: reader.showPassage,
  };
  return (
    <div className={classes['reader']} data-face={settings.face} data-size={settings.size}>
      <ReaderBar {...{ book, chapter, text, settings, change }} onOpen={setPanel} />
      <div className={classes['spread']}>
        <div className={classes['page']}>
          <ChapterHead {...{ chapter, settings, change }} descriptions={reader.descriptions} />
          <ChapterText
            {...{ chapter, language, onGo }}
            descriptions={shown}
            lit={reader.lit}
            found={reader.found}
            onLight={reader.setLit}
            onOpenCard={reader.openCard}
            onDrawn={reader.onDrawn}
          />
          <ChapterEnds book={book} number={chapter.number} {...turning} />
        </div>
        {hasMargin && <Margin {...cards} view={view} text={text} />}
      </div>
      <PlaceNotices {...{ book, chapter, userId, stayed, onStay, onGo }} />
      {!hasMargin && reader.all.length > 0 && (
        <Button
          className={classes['sheetButton'] ?? ''}
          variant="default"
          leftSection={<IconQuote size={18} aria-hidden="true" />}
          onClick={() => setPanel('cards')}
        >
          {t('found', { count: shown.length })}
        </Button>
      )}
      <Panels {...props} panel={panel} view={view} onClose={() => setPanel(undefined)} />
      {!hasMargin && (
        <CardsSheet {...cards} isOpen={panel === 'cards'} onClose={() => setPanel(undefined)} />
      )}
    </div>
  );
}

function Panels({
  book,
  chapter,
  words,
  panel,
  view,
  onClose,
  onGo,
  onSearch,
}: ReaderProps &
  Pick<ReturnType<typeof useReader>, 'panel' | 'view'> & { readonly onClose: () => void }) {
  const goAndClose = (number: number, at: number) => {
    onClose();
    onGo(number, at);
  };
  return (
    <>
      <ContentsDrawer
        book={book}
        current={chapter.number}
        isOpen={panel === 'contents'}
        onClose={onClose}
        onGo={goAndClose}
      />
      <SearchDrawer
        book={book}
        words={words}
        isOpen={panel === 'search'}
        onClose={onClose}
        onSearch={onSearch}
        onGo={goAndClose}
      />
      <GalleryDrawer
        book={book}
        chapter={chapter.number}
        view={view}
        isOpen={panel === 'gallery'}
        onClose={onClose}
        onGo={goAndClose}
      />
    </>
  );
}
