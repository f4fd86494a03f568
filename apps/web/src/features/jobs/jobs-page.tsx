import { Title } from '@mantine/core';
import { Page } from '../../components/index.ts';

export function JobsPage() {
  return (
    <Page>
      <Title order={1}>Jobs</Title>
    </Page>
  );
}
