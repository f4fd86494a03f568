import { Button, NativeSelect, TextInput } from '@mantine/core';
import { routes, type CallResult } from '@scriptorium/contract';
import type { FormEvent } from 'react';
import { textOf } from '../../../app/form-text.ts';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { GRANTABLE_ROLES } from '../roles.ts';
import classes from './invitations.module.css';

/** For whom, with which role and credits, and for how long. */
export function InvitationForm({
  onMade,
}: {
  readonly onMade: (made: CallResult<typeof routes.people.invite>) => void;
}) {
  const t = useMessages(operationsMessages);
  const { mutate, error, isPending } = useAction(routes.people.invite, [routes.people.invitations]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    const email = textOf(filled, 'email');
    const role = GRANTABLE_ROLES.find((name) => name === textOf(filled, 'role'));
    mutate(
      {
        body: {
          role,
          credits: Number(textOf(filled, 'credits')),
          expires_in_days: Number(textOf(filled, 'days')),
          ...(email === '' ? {} : { email }),
        },
      },
      { onSuccess: onMade },
    );
  };
  return (
    <form onSubmit={submit} className={classes['form']}>
      <TextInput
        size="md"
        name="email"
        type="email"
        label={t('inviteEmail')}
        description={t('inviteEmailHint')}
        autoComplete="off"
        className={classes['full'] ?? ''}
      />
      <NativeSelect
        size="md"
        name="role"
        label={t('role')}
        data={GRANTABLE_ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))}
      />
      <TextInput
        size="md"
        name="credits"
        type="number"
        min={0}
        step="0.001"
        label={t('inviteCredits')}
        defaultValue="0"
        required
        withAsterisk={false}
      />
      <TextInput
        size="md"
        name="days"
        type="number"
        min={1}
        max={90}
        label={t('inviteDays')}
        defaultValue="7"
        required
        withAsterisk={false}
      />
      {error !== null && (
        <div className={classes['full']}>
          <ErrorNotice error={error} />
        </div>
      )}
      <div className={classes['full']}>
        <Button type="submit" disabled={isPending}>
          {isPending ? t('inviting') : t('makeInvitation')}
        </Button>
      </div>
    </form>
  );
}
