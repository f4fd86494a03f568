import { Title } from '@mantine/core';
import { Page } from '../../components/index.ts';

export function AccountPage() {
  return (
    <Page>
      <Title order={1}>Account</Title>
    </Page>
  );
}
