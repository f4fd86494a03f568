import { Table } from '@mantine/core';
import type { Overview } from '@scriptorium/contract';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { usePipelineName } from './use-pipeline-name.ts';
import classes from './overview.module.css';

/** What waits, by kind of work. */
export function QueueTable({ queues }: { readonly queues: Overview['queues'] }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const nameOf = usePipelineName();
  const waiting = queues.filter(({ ready, delayed }) => ready + delayed > 0);
  if (waiting.length === 0) return <p className={classes['small']}>{t('nothingWaits')}</p>;
  return (
    <Table className={classes['table']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('pipeline')}</Table.Th>
          <Table.Th scope="col">{t('ready')}</Table.Th>
          <Table.Th scope="col">{t('delayed')}</Table.Th>
          <Table.Th scope="col">{t('oldest')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {waiting.map((queue) => (
          <Table.Tr key={queue.pipeline}>
            <Table.Th scope="row">{nameOf(queue.pipeline)}</Table.Th>
            <Table.Td>{formats.number(queue.ready)}</Table.Td>
            <Table.Td>{formats.number(queue.delayed)}</Table.Td>
            <Table.Td>
              {queue.ready > 0 && formats.duration(Math.floor(queue.oldest_seconds))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
