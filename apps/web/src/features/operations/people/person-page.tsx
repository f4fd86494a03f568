import { routes, type Person } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { query } from '../../../api/index.ts';
import {
  BackLink,
  ErrorNotice,
  Section,
  SkeletonLines,
  StatusBadge,
  Time,
} from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { OperationsFrame } from '../operations-frame.tsx';
import { DeletePerson } from './delete-person.tsx';
import { Door } from './door.tsx';
import { GrantForm } from './grant-form.tsx';
import { PasswordLink } from './password-link.tsx';
import { QuotaForm } from './quota-form.tsx';
import { RoleChoice } from './role-choice.tsx';
import classes from './people.module.css';

const route = getRouteApi('/signed-in/operations/people/$userId');

/** One user: what they have, and what an administrator may do about it. */
export function PersonPage() {
  const t = useMessages(operationsMessages);
  return (
    <OperationsFrame screen="people">
      <BackLink to="/operations/people">{t('backToPeople')}</BackLink>
      <OnePerson />
    </OperationsFrame>
  );
}

function OnePerson() {
  const t = useMessages(operationsMessages);
  const { userId } = route.useParams();
  const { data, error, refetch } = useQuery(
    query(routes.people.get, { params: { id: Number(userId) } }),
  );
  if (error !== null && data === undefined)
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={6} label={t('loading')} />;
  return (
    <>
      <h2 className={classes['who']}>{data.email}</h2>
      <PersonFacts person={data} />
      <PersonActions person={data} />
    </>
  );
}

function PersonFacts({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const { available, held } = person.credits;
  const { used_bytes: used, quota_bytes: quota } = person.storage;
  const size = formats.bytes(used);
  const facts = [
    [t('role'), t(`role_${person.role}`)],
    [
      t('door'),
      <StatusBadge key="door" tone={person.is_disabled ? 'stopped' : 'done'}>
        {t(person.is_disabled ? 'disabled' : 'mayEnter')}
      </StatusBadge>,
    ],
    [
      t('credits'),
      t('creditsLine', { available: formats.number(available), held: formats.number(held) }),
    ],
    [
      t('storage'),
      quota === null
        ? t('storageUsed', { used: size })
        : t('storageOf', { used: size, quota: formats.bytes(quota) }),
    ],
    [t('openJobs'), formats.number(person.open_jobs)],
    [
      t('lastSeen'),
      person.last_seen_at === null ? t('never') : <Time key="seen" at={person.last_seen_at} />,
    ],
    [t('since'), formats.date(person.created_at)],
  ] as const;
  return (
    <dl className={classes['facts']}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function PersonActions({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const isOwner = person.role === 'owner';
  return (
    <>
      <Section aside title={t('grant')} lead={t('grantLead')}>
        <GrantForm person={person} />
      </Section>
      <Section aside title={t('quota')} lead={t('quotaLead')}>
        <QuotaForm person={person} />
      </Section>
      {isOwner ? (
        <p className={classes['fixed']}>{t('ownerFixed')}</p>
      ) : (
        <>
          <Section aside title={t('role')} lead={t('roleLead')}>
            <RoleChoice person={person} />
          </Section>
          <Section aside title={t('passwordLink')} lead={t('passwordLinkLead')}>
            <PasswordLink person={person} />
          </Section>
          <Section aside title={t('door')} lead={t('doorLead')}>
            <Door person={person} />
          </Section>
          <Section aside title={t('remove')} lead={t('removeLead')}>
            <DeletePerson person={person} />
          </Section>
        </>
      )}
    </>
  );
}
