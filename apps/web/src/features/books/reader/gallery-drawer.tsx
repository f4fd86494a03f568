import { routes, type Book, type Description } from '@scriptorium/contract';
import { Button, Drawer, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../../api/index.ts';
import { ErrorNotice, ProgressLine } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import type { ChapterView, Kind } from './chapter-view.ts';
import { DescriptionCard } from './description-card.tsx';
import {
  EXPORT_FORMATS,
  saveExport,
  writeExport,
  type ChapterFindings,
} from './export-descriptions.ts';
import { KindFilter } from './kind-filter.tsx';
import { readerMessages } from './messages/index.ts';
import { withoutSpoilers, type Position } from './spoiler-guard.ts';
import classes from './panels.module.css';

export interface GalleryProps {
  readonly book: Book;
  /** The chapter that is read, and how it stands on the page. */
  readonly chapter: number;
  readonly view: ChapterView | undefined;
  readonly onGo: (chapter: number, at: number) => void;
}

/** All descriptions of the book so far, and their export. */
export function GalleryDrawer({
  isOpen,
  onClose,
  ...gallery
}: GalleryProps & { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useMessages(readerMessages);
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="lg"
      title={t('gallery')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Gallery {...gallery} />
    </Drawer>
  );
}

function Gallery({ book, chapter, view, onGo }: GalleryProps) {
  const t = useMessages(readerMessages);
  // To the last line of the window when the gallery was opened.
  const [position] = useState<Position>(() => ({
    chapter,
    offset: view?.offsetAt(innerHeight) ?? 0,
  }));
  const [isWhole, setWhole] = useState(false);
  const [hidden, setHidden] = useState<readonly Kind[]>([]);
  const guarded = withoutSpoilers(book.chapters, isWhole ? undefined : position);
  const { findings, loaded, error } = useFindings(book, guarded.chapters);
  const shown = guarded
    .trim(findings)
    .map((chapter) => ({
      ...chapter,
      descriptions: chapter.descriptions.filter(({ kind }) => !hidden.includes(kind)),
    }))
    .filter(({ descriptions }) => descriptions.length > 0);
  const count = shown.reduce((sum, { descriptions }) => sum + descriptions.length, 0);
  const here = book.chapters.find(({ number }) => number === chapter)?.title ?? '';
  return (
    <>
      <p className={classes['guard']}>
        <span>
          {isWhole ? t('wholeBook') : t('guard', { chapter: here })}{' '}
          {guarded.closed > 0 && t('guardHides', { count: guarded.closed })}
        </span>
        {(isWhole || guarded.closed > 0) && (
          <Button size="compact-md" variant="default" onClick={() => setWhole(!isWhole)}>
            {isWhole ? t('showToHere') : t('showAll')}
          </Button>
        )}
      </p>
      <div className={classes['tools']}>
        <KindFilter
          descriptions={guarded.trim(findings).flatMap(({ descriptions }) => descriptions)}
          hidden={hidden}
          onChange={setHidden}
        />
        {count > 0 && <ExportMenu book={book} chapters={shown} count={count} />}
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
      {loaded < guarded.chapters.length && (
        <ProgressLine
          percent={Math.floor((100 * loaded) / guarded.chapters.length)}
          label={t('loadingGallery')}
        >
          {t('loadingGallery')}
        </ProgressLine>
      )}
      {loaded === guarded.chapters.length && count === 0 && (
        <p className={classes['said']}>{t('noDescriptionsYet')}</p>
      )}
      {shown.map((chapter) => (
        <section key={chapter.number}>
          <h3 className={classes['heading']}>{chapter.title}</h3>
          <FindingsList
            descriptions={chapter.descriptions}
            language={book.language ?? undefined}
            onOpen={({ start }) => onGo(chapter.number, start)}
          />
        </section>
      ))}
    </>
  );
}

function FindingsList({
  descriptions,
  language,
  onOpen,
}: {
  readonly descriptions: readonly Description[];
  readonly language: string | undefined;
  readonly onOpen: (description: Description) => void;
}) {
  const [lit, setLit] = useState<number>();
  return (
    <ul className={classes['list']}>
      {descriptions.map((description) => (
        <li key={description.id}>
          <DescriptionCard
            description={description}
            isLit={lit === description.id}
            language={language}
            onLight={setLit}
            onOpen={onOpen}
          />
        </li>
      ))}
    </ul>
  );
}

/** Asks for the chapters that have descriptions; what has arrived is shown. */
function useFindings(book: Book, chapters: readonly Book['chapters'][number][]) {
  return useQueries({
    queries: chapters.map(({ number }) => ({
      ...query(routes.books.descriptions, { params: { id: book.id, n: number }, query: {} }),
      staleTime: 60_000,
    })),
    combine: (answers) => ({
      findings: answers.flatMap(({ data }, i): ChapterFindings[] => {
        const chapter = chapters[i];
        if (data === undefined || chapter === undefined) return [];
        const { number, title } = chapter;
        return [{ number, title, engine: data.engine, descriptions: data.descriptions }];
      }),
      loaded: answers.filter(({ isPending }) => !isPending).length,
      error: answers.find(({ error }) => error !== null)?.error ?? undefined,
    }),
  });
}

function ExportMenu({
  book,
  chapters,
  count,
}: {
  readonly book: Book;
  readonly chapters: readonly ChapterFindings[];
  readonly count: number;
}) {
  const t = useMessages(readerMessages);
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          {t('exportCount', { count })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item
            key={format}
            onClick={() => saveExport(format, book, writeExport(format, book, chapters))}
          >
            {EXPORT_NAMES[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Names of formats are the same in every language. */
const EXPORT_NAMES = { json: 'JSON', csv: 'CSV', md: 'Markdown' } as const;
