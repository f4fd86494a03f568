import { Button } from '@mantine/core';
import { routes, type Person } from '@scriptorium/contract';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice, ShownOnce } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';

/** A one-time link for a new password. Nothing is sent: the administrator passes it on. */
export function PasswordLink({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const { mutate, data, error, isPending } = useAction(routes.people.passwordLink);
  return (
    <>
      {data === undefined ? (
        <Button
          variant="default"
          disabled={isPending}
          onClick={() => mutate({ params: { id: person.id } })}
        >
          {isPending ? t('makingLink') : t('makeLink')}
        </Button>
      ) : (
        <ShownOnce
          text={t('linkOnce', { time: formats.exact(data.expires_at) })}
          label={t('linkFor', { email: person.email })}
          value={data.url}
        />
      )}
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
