import { Page } from '../../components/index.ts';

export function BookPage() {
  return <Page title="BookPage">BookPage</Page>;
}
