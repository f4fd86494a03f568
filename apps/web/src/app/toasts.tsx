import { MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMessages } from '../i18n/index.ts';
import { appMessages } from './messages/index.ts';

/** Where short messages appear. Whoever shows one need not think of the name of its closing button. */
export function Toasts() {
  const t = useMessages(appMessages);
  const closeButtonProps = { 'aria-label': t('close') };
  const components = { Notification: { defaultProps: { closeButtonProps } } };
  return (
    <MantineThemeProvider inherit theme={{ components }}>
      <Notifications position="bottom-right" containerWidth={420} />
    </MantineThemeProvider>
  );
}
