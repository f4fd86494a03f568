import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense } from 'react';
import { onSignedOut } from '../api/client.ts';
import { forgetJobs } from '../api/live/use-live-job.ts';
import { sessionQuery } from '../api/session.ts';
import { useUnsentPlaces } from '../features/books/index.ts';
import { theme } from '../design/theme.ts';
import { ThemeProvider, useTheme } from '../design/theme-choice.tsx';
import { LanguageProvider } from '../i18n/index.ts';
import { styleNonce } from './nonce.ts';
import { queryClient } from './query-client.ts';
import { router } from './router.ts';
import { Toasts } from './toasts.tsx';

onSignedOut(() => {
  forgetJobs();
  queryClient.setQueryData(sessionQuery.queryKey, null);
  void router.invalidate();
});

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <ThemeProvider>
          <Interface />
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

function Interface() {
  const { paper } = useTheme();
  // Asks nobody: the screens find out who is signed in.
  const { data: user } = useQuery({ ...sessionQuery, enabled: false });
  useUnsentPlaces(user?.id);
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={paper === 'dark' ? 'dark' : 'light'}
      getStyleNonce={styleNonce}
    >
      <Suspense>
        <RouterProvider router={router} />
      </Suspense>
      <Suspense>
        <Toasts />
      </Suspense>
    </MantineProvider>
  );
}
