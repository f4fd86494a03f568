import { Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { routes, type CallResult } from '@scriptorium/contract';
import { useState, type FormEvent } from 'react';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import { textOf } from '../../../app/form-text.ts';

const SCOPES = ['read', 'write'] as const;
type Scope = (typeof SCOPES)[number];

/** What the key is for and what it may do. */
export function KeyForm({
  onMade,
}: {
  readonly onMade: (made: CallResult<typeof routes.apiKeys.create>) => void;
}) {
  const t = useMessages(accountMessages);
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  const { mutate, isPending, error } = useAction(routes.apiKeys.create, [routes.apiKeys.list]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), 'name');
    mutate({ body: { name, scopes: [...scopes] } }, { onSuccess: onMade });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md" maw={440}>
        <TextInput
          size="md"
          name="name"
          label={t('keyName')}
          placeholder={t('keyNamePlaceholder')}
          maxLength={100}
          autoComplete="off"
          required
          withAsterisk={false}
        />
        <Checkbox.Group
          label={t('scopes')}
          value={[...scopes]}
          onChange={(chosen) => setScopes(SCOPES.filter((scope) => chosen.includes(scope)))}
          error={scopes.length === 0 && t('scopeNeeded')}
        >
          <Stack gap="sm" mt="xs">
            {SCOPES.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`scope_${scope}`)}
                description={t(`scope_${scope}Hint`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {error !== null && <ErrorNotice error={error} />}
        <div>
          <Button type="submit" disabled={isPending || scopes.length === 0}>
            {isPending ? t('making') : t('makeKey')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
