import { Page } from '../../components/index.ts';

export function LibraryPage() {
  return <Page title="LibraryPage">LibraryPage</Page>;
}
