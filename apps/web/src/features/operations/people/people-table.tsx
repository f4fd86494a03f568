import { Table } from '@mantine/core';
import type { Person } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { StatusBadge, Time } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import classes from './people.module.css';

/** One line for each; the address leads to all that can be done. */
export function PeopleTable({ people }: { readonly people: readonly Person[] }) {
  const t = useMessages(operationsMessages);
  return (
    <Table className={classes['people']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('email')}</Table.Th>
          <Table.Th scope="col">{t('credits')}</Table.Th>
          <Table.Th scope="col" className={classes['minor'] ?? ''}>
            {t('storage')}
          </Table.Th>
          <Table.Th scope="col" className={classes['minor'] ?? ''}>
            {t('openJobs')}
          </Table.Th>
          <Table.Th scope="col">{t('lastSeen')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function PersonRow({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Link
          to="/operations/people/$userId"
          params={{ userId: String(person.id) }}
          className={classes['email'] ?? ''}
        >
          {person.email}
        </Link>
        <span className={classes['role']}>
          {t(`role_${person.role}`)}
          {person.is_disabled && <StatusBadge tone="stopped">{t('disabled')}</StatusBadge>}
        </span>
      </Table.Th>
      <Table.Td>{formats.number(person.credits.available)}</Table.Td>
      <Table.Td className={classes['minor'] ?? ''}>
        {formats.bytes(person.storage.used_bytes)}
      </Table.Td>
      <Table.Td className={classes['minor'] ?? ''}>{formats.number(person.open_jobs)}</Table.Td>
      <Table.Td>
        {person.last_seen_at === null ? t('never') : <Time at={person.last_seen_at} />}
      </Table.Td>
    </Table.Tr>
  );
}
