import { Table } from '@mantine/core';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import type { Hour } from './day-chart.tsx';
import classes from './overview.module.css';

/** The numbers of a chart, for whoever does not see it or wants to read them. */
export function HourTable({
  title,
  hours,
}: {
  readonly title: string;
  readonly hours: readonly Hour[];
}) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  return (
    <details className={classes['details']}>
      <summary>
        {t('asTable')}
        <span className="visually-hidden">: {title}</span>
      </summary>
      <Table className={classes['table']}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('hour')}</Table.Th>
            <Table.Th scope="col">{t('done')}</Table.Th>
            <Table.Th scope="col">{t('failed')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {hours.map(({ at, done, failed }) => (
            <Table.Tr key={at}>
              <Table.Th scope="row">{formats.clock(at)}</Table.Th>
              <Table.Td>{formats.number(done)}</Table.Td>
              <Table.Td>{formats.number(failed)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
