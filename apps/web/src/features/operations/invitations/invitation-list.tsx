import { Button } from '@mantine/core';
import { routes, type CallResult } from '@scriptorium/contract';
import { api } from '../../../api/index.ts';
import {
  Line,
  LineList,
  StatusBadge,
  Time,
  usePostponedRemoval,
  type Tone,
} from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';

const STALE = [routes.people.invitations];
const sendRevoke = (id: number) => api.call(routes.people.revokeInvitation, { params: { id } });

type Invitation = CallResult<typeof routes.people.invitations>['invitations'][number];

/** Every invitation and what became of it. */
export function InvitationList({ invitations }: { readonly invitations: readonly Invitation[] }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const revocation = usePostponedRemoval(routes.people.revokeInvitation, sendRevoke, STALE);
  return (
    <LineList>
      {invitations.map((invitation) => {
        const { id, email, role, credits } = invitation;
        const state = stateOf(invitation);
        return (
          <Line
            key={id}
            name={email ?? t('anybody')}
            facts={[
              t(`role_${role}`) + (credits > 0 ? ` ${t('withCredits', { count: credits })}` : ''),
              <>
                {t('made')} <Time at={invitation.created_at} />
              </>,
            ]}
          >
            {revocation.waiting.has(id) ? (
              <StatusBadge tone="waiting">{t('revoking')}</StatusBadge>
            ) : (
              <StatusBadge tone={TONES[state]}>
                {state === 'invitationUsed'
                  ? t(state, { ago: formats.relative(invitation.used_at ?? '') })
                  : state === 'invitationRevoked'
                    ? t(state)
                    : t(state, { date: formats.date(invitation.expires_at) })}
              </StatusBadge>
            )}
            {state === 'invitationOpen' && !revocation.waiting.has(id) && (
              <Button
                variant="default"
                size="compact-md"
                aria-label={t('revokeOf', { id: String(id) })}
                onClick={() =>
                  revocation.start(id, {
                    message: t('revokeToast'),
                    failure: t('revokeFailed'),
                  })
                }
              >
                {t('revoke')}
              </Button>
            )}
          </Line>
        );
      })}
    </LineList>
  );
}

type State = 'invitationUsed' | 'invitationRevoked' | 'invitationExpired' | 'invitationOpen';

const TONES: Readonly<Record<State, Tone>> = {
  invitationOpen: 'waiting',
  invitationUsed: 'done',
  invitationRevoked: 'stopped',
  invitationExpired: 'quiet',
};

function stateOf(invitation: Invitation): State {
  if (invitation.used_at !== null) return 'invitationUsed';
  if (invitation.revoked_at !== null) return 'invitationRevoked';
  return new Date(invitation.expires_at).getTime() < Date.now()
    ? 'invitationExpired'
    : 'invitationOpen';
}
