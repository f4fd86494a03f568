import { NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { PIPELINES, STATUS_FILTERS, type JobFilters } from '../filters.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './jobs-list.module.css';

/** Search, state and kind: all of it stands in the address. */
export function FilterBar({
  filters,
  field,
  onChange,
}: {
  readonly filters: JobFilters;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onChange: (change: Partial<Record<keyof JobFilters, string | undefined>>) => void;
}) {
  const t = useMessages(jobsMessages);
  const pipelines = PIPELINES.map((value) => ({ value, label: t(value) }));
  const statuses = STATUS_FILTERS.map((value) => ({
    value,
    label: value === 'open' ? t('onlyOpen') : t(value),
  }));
  return (
    <div className={classes['filters']} role="search">
      <TextInput
        ref={field}
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={filters.q ?? ''}
        onChange={(event) => onChange({ q: event.currentTarget.value || undefined })}
        className={classes['search']}
      />
      <NativeSelect
        aria-label={t('status')}
        value={filters.status ?? ''}
        onChange={(event) => onChange({ status: event.currentTarget.value || undefined })}
        data={[{ value: '', label: t('anyStatus') }, ...statuses]}
      />
      <NativeSelect
        aria-label={t('pipeline')}
        value={filters.pipeline ?? ''}
        onChange={(event) => onChange({ pipeline: event.currentTarget.value || undefined })}
        data={[{ value: '', label: t('anyPipeline') }, ...pipelines]}
      />
    </div>
  );
}
