import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';
import { CommandPalette } from './command-palette.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { ShellHeader } from './shell-header.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import classes from './shell.module.css';

/** What is around every screen of somebody who is signed in. */
export function Shell({ children = <Outlet /> }: { readonly children?: ReactNode }) {
  const t = useMessages(appMessages);
  return (
    <>
      <a href="#content" className={`visually-hidden ${classes['skip']}`}>
        {t('skip')}
      </a>
      <ShellHeader />
      <OfflineBanner />
      {children}
      <CommandPalette />
      <ShortcutsDialog />
    </>
  );
}
