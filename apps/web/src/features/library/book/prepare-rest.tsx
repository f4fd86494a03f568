import { Button, Popover } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { routes, type Book } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query, useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { libraryMessages } from '../messages/index.ts';
import { estimateFrom } from './estimate.ts';
import classes from './book.module.css';

/** Prepares all chapters that are not ready; what that takes is said before it starts. */
export function PrepareRest({ book }: { readonly book: Book }) {
  const t = useMessages(libraryMessages);
  const [isOpen, setIsOpen] = useState(false);
  const rest = book.chapters.filter(
    ({ status, page_class: page }) =>
      page === 'chapter' && (status === 'waiting' || status === 'failed'),
  );
  const prepare = useAction(routes.books.prepare, [
    routes.books.get,
    routes.books.list,
    routes.jobs.list,
  ]);
  if (rest.length === 0) return null;
  const start = () =>
    prepare.mutate(
      { params: { id: book.id } },
      {
        onSuccess: () => {
          setIsOpen(false);
          notifications.show({ message: t('started'), withBorder: true });
        },
      },
    );
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-start"
      width={360}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <Button variant="default" onClick={() => setIsOpen(!isOpen)}>
          {t('remaining', { count: rest.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('planTitle')}>
        <Plan book={book} rest={rest} />
        {prepare.error !== null && <ErrorNotice error={prepare.error} />}
        <div className={classes['planActions']}>
          <Button disabled={prepare.isPending} onClick={start}>
            {t('start')}
          </Button>
          <Button variant="default" onClick={() => setIsOpen(false)}>
            {t('notNow')}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Scope, time and calls, as far as the book's last job lets one tell. */
function Plan({ book, rest }: { readonly book: Book; readonly rest: Book['chapters'] }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  const { data: last } = useQuery({
    ...query(routes.jobs.get, { params: { id: book.job_id ?? 0 } }),
    enabled: book.job_id !== undefined,
    // What another screen has seen of the job may be older than its first finished part.
    refetchOnMount: 'always',
  });
  const words = rest.reduce((sum, chapter) => sum + chapter.words, 0);
  const estimate = last === undefined ? undefined : estimateFrom(last, rest.length);
  return (
    <div className={classes['plan']}>
      <strong>{t('planTitle')}</strong>
      <p>{t('planScope', { count: rest.length, words: t('words', { count: words }) })}</p>
      {estimate === undefined ? (
        <p>{t('planUnmeasured')}</p>
      ) : (
        <>
          <p>
            {t('planMeasured', {
              time: formats.duration(estimate.seconds),
              count: estimate.measuredOn,
            })}
          </p>
          <p>
            {estimate.calls === 0
              ? t('planNoCalls')
              : t('planCalls', {
                  count: estimate.calls,
                  tokens: formats.number(estimate.tokens),
                })}
          </p>
        </>
      )}
    </div>
  );
}
