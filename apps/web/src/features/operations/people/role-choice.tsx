import { NativeSelect } from '@mantine/core';
import { routes, type Person } from '@scriptorium/contract';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice, toastWithUndo } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { GRANTABLE_ROLES } from '../roles.ts';
import { STALE } from './stale.ts';
import classes from './people.module.css';

type Role = (typeof GRANTABLE_ROLES)[number];

/** Changed at once; the notice changes it back. */
export function RoleChoice({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const { mutate, error, isPending } = useAction(routes.people.change, STALE);
  const { id, email } = person;
  const before = GRANTABLE_ROLES.find((role) => role === person.role);
  const set = (role: Role) => {
    mutate(
      { params: { id }, body: { role } },
      {
        onSuccess: () => {
          if (before === undefined) return;
          toastWithUndo({
            message: t('roleChanged', { email, role: t(`role_${role}`) }),
            undoLabel: t('undo'),
            onUndo: () => mutate({ params: { id }, body: { role: before } }),
          });
        },
      },
    );
  };
  return (
    <>
      <NativeSelect
        size="md"
        label={t('role')}
        value={person.role}
        disabled={isPending}
        onChange={(event) => {
          const role = GRANTABLE_ROLES.find((name) => name === event.currentTarget.value);
          if (role !== undefined) set(role);
        }}
        data={GRANTABLE_ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))}
        className={classes['narrow'] ?? ''}
      />
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
