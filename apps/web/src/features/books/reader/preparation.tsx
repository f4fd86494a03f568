import { routes, type Chapter } from '@scriptorium/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAction } from '../../../api/index.ts';
import {
  ErrorNotice,
  LiveBadge,
  ProgressLine,
  StatusBadge,
  toastWithUndo,
  type Tone,
} from '../../../components/index.ts';
import { useFormats, useMessages, type Formats } from '../../../i18n/index.ts';
import { pageReason, useTeller, waitReason, type Teller } from '../../../said/index.ts';
import type { ReaderWords } from './kind-words.ts';
import { readerMessages } from './messages/index.ts';
import classes from './reader.module.css';
import type { ChapterDescriptions } from './use-descriptions.ts';

/** Where the descriptions of the chapter stand, in words, and what can be done about it. */
export function Preparation({
  chapter,
  descriptions,
}: {
  readonly chapter: Chapter;
  readonly descriptions: ChapterDescriptions;
}) {
  const { found, error, isStarting } = descriptions;
  if (error !== null)
    return <ErrorNotice error={error} onRetry={() => void descriptions.refresh()} />;
  if (found === undefined) return <div className={classes['preparation']} />;
  if (found.status === 'skipped' && !isStarting) {
    return <Skipped chapter={chapter} descriptions={descriptions} />;
  }
  if (found.status === 'failed' && !isStarting)
    return <Failed descriptions={descriptions} number={chapter.number} />;
  if (found.status === 'ready')
    return <Ready descriptions={descriptions} number={chapter.number} />;
  return <Preparing descriptions={descriptions} number={chapter.number} />;
}

function Line({
  tone,
  state,
  children,
}: {
  readonly tone: Tone;
  readonly state: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className={classes['preparation']}>
      <span aria-live="polite">
        <StatusBadge tone={tone}>{state}</StatusBadge>
      </span>
      {children}
    </div>
  );
}

interface StateProps {
  readonly descriptions: ChapterDescriptions;
  readonly number: number;
}

function Ready({ descriptions, number }: StateProps) {
  const t = useMessages(readerMessages);
  const { found, job } = descriptions;
  const count = found?.descriptions.length ?? 0;
  const label = found?.engine?.startsWith('offline-rules')
    ? t('offlineRules')
    : t('foundBy', { engine: found?.engine_label ?? '' });
  // A new version is being made, and the old one is shown.
  const isChanging = job !== undefined && job.finished_at === null;
  return (
    <Line tone="done" state={count === 0 ? t('foundNothing') : t('found', { count })}>
      <span className={classes['engine']}>{label}</span>
      {isChanging && <span>{t('preparingAnew')}</span>}
      {isChanging && <Progress descriptions={descriptions} number={number} />}
    </Line>
  );
}

function Preparing({ descriptions, number }: StateProps) {
  const t = useMessages(readerMessages);
  const formats = useFormats();
  const teller = useTeller();
  const { job, link } = descriptions;
  const isLooking = partOf(descriptions, number)?.status === 'active';
  const waiting = job?.waiting_for ?? null;
  const tone: Tone = isLooking && waiting === null ? 'running' : 'waiting';
  return (
    <Line tone={tone} state={stateInWords({ t, formats, teller }, descriptions, number)}>
      {job !== undefined && <LiveBadge link={link} />}
      {isLooking && <Progress descriptions={descriptions} number={number} />}
    </Line>
  );
}

function Progress({ descriptions, number }: StateProps) {
  const t = useMessages(readerMessages);
  const part = partOf(descriptions, number);
  // The part's own share; 100 is what only a finished one is given.
  const percent = Math.min(99, Math.floor(100 * (part?.progress ?? 0)));
  return (
    <div className={classes['preparationBar']}>
      <ProgressLine percent={percent} label={t('preparingProgress')} />
    </div>
  );
}

/** The part of the job that is this chapter: the server names parts by the chapters' numbers. */
function partOf({ job }: ChapterDescriptions, number: number) {
  const parts = job?.chunk_results ?? [];
  return parts.length === 1
    ? parts[0]
    : parts.find(({ label_coded: coded }) => coded?.params?.['number'] === number);
}

interface Tongue {
  readonly t: ReaderWords;
  readonly formats: Formats;
  readonly teller: Teller;
}

function stateInWords(
  { t, formats, teller }: Tongue,
  descriptions: ChapterDescriptions,
  number: number,
): string {
  const { job, isStarting } = descriptions;
  if (job === undefined) return isStarting ? t('starting') : t('inLine');
  if (job.waiting_for !== null) {
    const { until } = job.waiting_for;
    const reason = waitReason(job.waiting_for, teller);
    return until === null
      ? t('waiting', { reason })
      : t('waitingUntil', { reason, time: formats.clock(until) });
  }
  const part = partOf(descriptions, number);
  if (part?.status === 'active') return t('preparing');
  const before = job.chunk_results.filter(
    ({ index, status }) =>
      index < (part?.index ?? 0) && (status === 'waiting' || status === 'active'),
  ).length;
  return before === 0 ? t('inLine') : t('inLineAfter', { count: before });
}

function Failed({ descriptions, number }: StateProps) {
  const t = useMessages(readerMessages);
  const { job, start } = descriptions;
  const teller = useTeller();
  const why = partOf(descriptions, number)?.error ?? job?.error ?? undefined;
  return (
    <Line tone="failed" state={t('failedState')}>
      <p className={classes['why']}>
        {why === undefined ? t('stoppedText') : t('failedText', { reason: teller.sentence(why) })}{' '}
        {job !== undefined && (
          <Link to="/jobs/$jobId" params={{ jobId: String(job.id) }}>
            {t('seeJob')}
          </Link>
        )}
      </p>
      <Button size="compact-md" variant="default" onClick={start}>
        {t('prepareAgain')}
      </Button>
    </Line>
  );
}

/** Why nobody has looked for descriptions here, and the way to correct that. */
function Skipped({
  chapter,
  descriptions,
}: {
  readonly chapter: Chapter;
  readonly descriptions: ChapterDescriptions;
}) {
  const t = useMessages(readerMessages);
  const stale = [routes.books.descriptions, routes.books.chapter, routes.books.get];
  const correct = useAction(routes.books.reprocess, stale);
  const undo = useAction(routes.books.undoReprocess, stale);
  const params = { id: chapter.book_id, n: chapter.number };
  const { page_class: pageClass } = chapter;
  const reason = pageReason(chapter, useTeller()) ?? '';
  const makeChapter = async () => {
    // Not a callback of `mutate`: the answer may take this part off the screen, and those of what is gone are never called.
    const body = { is_service_page: false };
    const [made] = await Promise.allSettled([correct.mutateAsync({ params, body })]);
    if (made.status === 'rejected') return;
    toastWithUndo({
      message: t('markedChapter'),
      undoLabel: t('undo'),
      onUndo: () => undo.mutate({ params }),
    });
  };
  const isOwnKind = pageClass === 'divider' || pageClass === 'matter' || pageClass === 'notes';
  return (
    <>
      <Line tone="quiet" state={isOwnKind ? t(`notChapter_${pageClass}`) : t('servicePage')}>
        <p className={classes['why']}>
          {isOwnKind ? t('notChapterText', { reason }) : t('serviceText', { reason })}
        </p>
        <Button
          size="compact-md"
          variant="default"
          loading={correct.isPending}
          onClick={() => (isOwnKind ? descriptions.start() : void makeChapter())}
        >
          {isOwnKind ? t('prepareIt') : t('itIsChapter')}
        </Button>
        {chapter.can_undo && (
          <Button size="compact-md" variant="subtle" onClick={() => undo.mutate({ params })}>
            {t('undo')}
          </Button>
        )}
      </Line>
      {[correct.error, undo.error].map(
        (error) => error !== null && <ErrorNotice key={error.message} error={error} />,
      )}
    </>
  );
}
