import { Title } from '@mantine/core';
import { Page } from '../../components/index.ts';

export function NovelsPage() {
  return (
    <Page>
      <Title order={1}>Novels</Title>
    </Page>
  );
}
