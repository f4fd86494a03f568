import { Title } from '@mantine/core';
import { Page } from '../../components/index.ts';

export function ReaderPage() {
  return (
    <Page>
      <Title order={1}>Reader</Title>
    </Page>
  );
}
