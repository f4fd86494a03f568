import { routes, type CallResult } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../../api/index.ts';
import { EmptyState, ErrorNotice, Section, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { OperationsFrame } from '../operations-frame.tsx';
import { InvitationForm } from './invitation-form.tsx';
import { InvitationList } from './invitation-list.tsx';
import { MadeInvitation } from './made-invitation.tsx';

const invitationsQuery = query(routes.people.invitations, {});

/** Inviting people, and what became of the invitations. */
export function InvitationsPage() {
  return (
    <OperationsFrame screen="invitations">
      <Invitations />
    </OperationsFrame>
  );
}

function Invitations() {
  const t = useMessages(operationsMessages);
  const { data, error, refetch } = useQuery(invitationsQuery);
  const [made, setMade] = useState<CallResult<typeof routes.people.invite>>();
  return (
    <>
      <Section aside title={t('invite')} lead={t('inviteLead')}>
        {made === undefined ? (
          <InvitationForm onMade={setMade} />
        ) : (
          <MadeInvitation url={made.url} onKept={() => setMade(undefined)} />
        )}
      </Section>
      <Section title={t('allInvitations')}>
        {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonLines lines={3} label={t('loading')} />}
        {data?.invitations.length === 0 && (
          <EmptyState title={t('noInvitations')}>{t('noInvitationsText')}</EmptyState>
        )}
        {data !== undefined && data.invitations.length > 0 && (
          <InvitationList invitations={data.invitations} />
        )}
      </Section>
    </>
  );
}
