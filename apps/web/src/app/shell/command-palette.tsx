import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useUser } from '../../api/session.ts';
import { THEMES, useTheme } from '../../design/theme-choice.tsx';
import { useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';
import { useCommands } from './commands.ts';
import { SCREENS } from './screens.ts';

/** Ctrl or Cmd with K: every screen, every setting, and what the screen that is shown has added. */
export function CommandPalette() {
  const t = useMessages(appMessages);
  const navigate = useNavigate();
  const user = useUser();
  const { setTheme } = useTheme();
  const commands = useCommands();
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('commands'),
      actions: commands.map(({ label, run }) => ({ id: label, label, onClick: run })),
    },
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
      nothingFound={t('noCommand')}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden="true" />,
        placeholder: t('search'),
        'aria-label': t('search'),
      }}
    />
  );
}
