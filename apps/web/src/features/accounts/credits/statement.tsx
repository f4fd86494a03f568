import { Button, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyState, ErrorNotice, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import { entriesQuery, type CreditEntry } from './all-entries.ts';
import { EntryWords } from './entry-words.tsx';
import { useComesIntoView } from './use-comes-into-view.ts';
import classes from './credits.module.css';

/** Every movement of credits with the balance after it. Older ones are fetched when the end comes into view. */
export function Statement() {
  const t = useMessages(accountMessages);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(entriesQuery);
  const end = useComesIntoView(() => {
    if (hasNextPage && !isFetchingNextPage && error === null) void fetchNextPage();
  });
  if (data === undefined) {
    return error === null ? (
      <SkeletonLines lines={6} label={t('loading')} />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  }
  const entries = data.pages.flatMap((page) => page.entries);
  if (entries.length === 0)
    return <EmptyState title={t('noEntries')}>{t('noEntriesText')}</EmptyState>;
  return (
    <>
      <Table className={classes['statement']}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('what')}</Table.Th>
            <Table.Th scope="col">{t('change')}</Table.Th>
            <Table.Th scope="col">{t('availableAfter')}</Table.Th>
            <Table.Th scope="col" className={classes['minor'] ?? ''}>
              {t('heldAfter')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </Table.Tbody>
      </Table>
      <div ref={end} className={classes['end']} role="status">
        {error !== null && <ErrorNotice error={error} onRetry={() => void fetchNextPage()} />}
        {hasNextPage ? (
          <Button
            variant="default"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? t('loadingOlder') : t('older')}
          </Button>
        ) : (
          t('allShown', { count: entries.length })
        )}
      </div>
    </>
  );
}

function EntryRow({ entry }: { readonly entry: CreditEntry }) {
  const formats = useFormats();
  return (
    <Table.Tr>
      <Table.Td>
        <EntryWords entry={entry} />
      </Table.Td>
      <Table.Td className={classes['change'] ?? ''} data-gain={entry.amount > 0}>
        {formats.signed(entry.amount)}
      </Table.Td>
      <Table.Td>{formats.number(entry.available_after)}</Table.Td>
      <Table.Td className={classes['minor'] ?? ''}>{formats.number(entry.held_after)}</Table.Td>
    </Table.Tr>
  );
}
