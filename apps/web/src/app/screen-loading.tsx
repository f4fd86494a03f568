import { useMessages } from '../i18n/index.ts';
import { Page } from '../components/page.tsx';
import { SkeletonLines } from '../components/skeleton-lines.tsx';
import { appMessages } from './messages/index.ts';

/** While a screen's code or its first answer is on its way. */
export function ScreenLoading() {
  const t = useMessages(appMessages);
  return (
    <Page>
      <SkeletonLines label={t('loading')} lines={6} />
    </Page>
  );
}
