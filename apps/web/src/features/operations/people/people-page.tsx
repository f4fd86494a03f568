import { Button, NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useShortcuts } from '../../../app/shell/shortcuts.ts';
import { ErrorNotice, NothingFound, SearchBar, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { OperationsFrame } from '../operations-frame.tsx';
import { peopleQuery } from './all-people.ts';
import { PeopleTable } from './people-table.tsx';
import { SHOWN } from './shown.ts';
import classes from './people.module.css';

const route = getRouteApi('/signed-in/operations/people');
/** Typing a name asks the server once, not for every letter. */
const PAUSE_MS = 250;

/** Everybody on this installation; search and filter live in the address. */
export function PeoplePage() {
  const t = useMessages(operationsMessages);
  return (
    <OperationsFrame
      screen="people"
      actions={
        <Button renderRoot={(props) => <Link to="/operations/invitations" {...props} />}>
          {t('invite')}
        </Button>
      }
    >
      <People />
    </OperationsFrame>
  );
}

function People() {
  const t = useMessages(operationsMessages);
  const { q = '', show = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo(
    () => [{ keys: '/', label: t('searchPeople'), run: () => field.current?.focus() }],
    [t],
  );
  useShortcuts(t('people'), shortcuts);
  const search = (text: string) =>
    void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true });
  return (
    <>
      <SearchBar label={t('searchPeople')} value={q} onSearch={search} field={field}>
        <NativeSelect
          size="md"
          aria-label={t('show')}
          value={show}
          onChange={(event) => {
            const chosen = SHOWN.find((name) => name === event.currentTarget.value);
            const shown = chosen === 'all' ? undefined : chosen;
            void navigate({ search: (old) => ({ ...old, show: shown }), replace: true });
          }}
          data={SHOWN.map((name) => ({ value: name, label: t(`show_${name}`) }))}
        />
      </SearchBar>
      <Found q={q} show={show} onClear={() => void navigate({ search: {}, replace: true })} />
    </>
  );
}

function Found({
  q,
  show,
  onClear,
}: {
  readonly q: string;
  readonly show: (typeof SHOWN)[number];
  readonly onClear: () => void;
}) {
  const t = useMessages(operationsMessages);
  const [settled] = useDebouncedValue(q.trim(), PAUSE_MS);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    peopleQuery(settled, show),
  );
  const people = data?.pages.flatMap((page) => page.users);
  return (
    <>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {people === undefined && error === null && <SkeletonLines lines={5} label={t('loading')} />}
      {people?.length === 0 && (
        <NothingFound>
          {t('nobodyFound')}
          <Button variant="default" size="compact-md" onClick={onClear}>
            {t('clearSearch')}
          </Button>
        </NothingFound>
      )}
      {people !== undefined && people.length > 0 && <PeopleTable people={people} />}
      {hasNextPage && (
        <div className={classes['more']}>
          <Button
            variant="default"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? t('loadingMore') : t('morePeople')}
          </Button>
        </div>
      )}
    </>
  );
}
