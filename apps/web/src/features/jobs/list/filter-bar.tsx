import { NativeSelect } from '@mantine/core';
import type { RefObject } from 'react';
import { SearchBar } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { PIPELINES, STATUS_FILTERS, type JobFilters } from '../filters.ts';
import { jobsMessages } from '../messages/index.ts';

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
    <SearchBar
      label={t('search')}
      value={filters.q ?? ''}
      onSearch={(text) => onChange({ q: text || undefined })}
      field={field}
    >
      <NativeSelect
        size="md"
        aria-label={t('status')}
        value={filters.status ?? ''}
        onChange={(event) => onChange({ status: event.currentTarget.value || undefined })}
        data={[{ value: '', label: t('anyStatus') }, ...statuses]}
      />
      <NativeSelect
        size="md"
        aria-label={t('pipeline')}
        value={filters.pipeline ?? ''}
        onChange={(event) => onChange({ pipeline: event.currentTarget.value || undefined })}
        data={[{ value: '', label: t('anyPipeline') }, ...pipelines]}
      />
    </SearchBar>
  );
}
