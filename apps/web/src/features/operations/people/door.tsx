import { Button } from '@mantine/core';
import { routes, type Person } from '@scriptorium/contract';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice, toastWithUndo } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { STALE } from './stale.ts';
import classes from './people.module.css';

/**
 * Lets somebody in or not. Done at once, not after the notice: whoever disables an account has a reason to hurry. The notice opens
 * the door again; cancelled jobs stay cancelled, and the words beside the button say so before.
 */
export function Door({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const { mutate, error, isPending } = useAction(routes.people.change, [
    ...STALE,
    routes.operations.overview,
  ]);
  const { id, email, is_disabled: isDisabled } = person;
  const set = (disabled: boolean) => {
    mutate(
      { params: { id }, body: { is_disabled: disabled } },
      {
        onSuccess: () =>
          toastWithUndo({
            message: t(disabled ? 'disabledToast' : 'enabledToast', { email }),
            undoLabel: t(disabled ? 'enable' : 'disable'),
            onUndo: () => mutate({ params: { id }, body: { is_disabled: !disabled } }),
          }),
      },
    );
  };
  const jobs = person.open_jobs;
  const disabling = jobs === 0 ? t('disableTextIdle') : t('disableText', { count: jobs });
  const consequence = isDisabled ? t('enableText') : disabling;
  const label = isDisabled ? t('enable') : t('disable');
  const pending = isDisabled ? t('enabling') : t('disabling');
  return (
    <>
      <p className={classes['consequence']}>{consequence}</p>
      <Button
        variant={isDisabled ? 'default' : 'outline'}
        color={isDisabled ? 'gray' : 'failed'}
        disabled={isPending}
        onClick={() => set(!isDisabled)}
      >
        {isPending ? pending : label}
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
