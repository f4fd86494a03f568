import { Title } from '@mantine/core';
import { Page } from '../../components/index.ts';

export function OperationsPage() {
  return (
    <Page>
      <Title order={1}>Operations</Title>
    </Page>
  );
}
