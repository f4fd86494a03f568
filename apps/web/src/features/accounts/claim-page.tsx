import { Page } from '../../components/index.ts';

export function ClaimPage() {
  return <Page title="ClaimPage">ClaimPage</Page>;
}
