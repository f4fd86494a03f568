import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useUser } from '../../api/session.ts';
import { THEMES, useTheme } from '../../design/theme-choice.tsx';
import { useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';
import { KeyCap } from './key-cap.tsx';
import { SCREENS } from './screens.ts';
import { useShortcutGroups } from './shortcuts.ts';
import classes from './shell.module.css';

/** The palette gives the focus back when it has gone; what it was asked to do comes after that, as it may move the focus. */
const AFTER_CLOSING_MS = 50;

/** Ctrl or Cmd with K: all that the keyboard can do on the screen that is shown, with its keys, every screen and every paper. */
export function CommandPalette() {
  const t = useMessages(appMessages);
  const navigate = useNavigate();
  const user = useUser();
  const { setTheme } = useTheme();
  const here = useShortcutGroups().filter(({ isEverywhere }) => !isEverywhere);
  const groups: SpotlightActionGroupData[] = [
    ...here.map(({ title, shortcuts }) => ({
      group: title,
      // Some can be done with more keys than one.
      actions: [...Map.groupBy(shortcuts, ({ label }) => label)].map(([label, same]) => ({
        id: `${title}: ${label}`,
        label,
        rightSection: (
          <span className={classes['keys']}>
            {same.map(({ keys }) => (
              <KeyCap key={keys} keys={keys} />
            ))}
          </span>
        ),
        onClick: () => setTimeout(() => same[0]?.run(), AFTER_CLOSING_MS),
      })),
    })),
    {
      group: t('goTo'),
      actions: [
        ...SCREENS.filter((screen) => screen.isFor(user?.role)),
        { to: '/account', name: 'account' } as const,
      ].map(({ to, name }) => ({ id: to, label: t(name), onClick: () => void navigate({ to }) })),
    },
    {
      group: t('theme'),
      actions: THEMES.map((theme) => ({
        id: theme,
        label: t(`theme_${theme}`),
        onClick: () => setTheme(theme),
      })),
    },
  ];
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut={null}
      attributes={{ content: { 'aria-label': t('search') } }}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      scrollable
      maxHeight="min(36rem, 70vh)"
      nothingFound={t('noCommand')}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden="true" />,
        placeholder: t('search'),
        'aria-label': t('search'),
      }}
    />
  );
}
