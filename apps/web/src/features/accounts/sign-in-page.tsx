import { Page } from '../../components/index.ts';

export function SignInPage() {
  return <Page title="SignInPage">SignInPage</Page>;
}
