import { ActionIcon, Menu } from '@mantine/core';
import { IconLanguage, IconMoon, IconSun } from '@tabler/icons-react';
import { THEMES, useTheme } from '../../design/theme-choice.tsx';
import { isLanguage, LANGUAGES, useLanguage, useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';

/** The language of the interface; each is called by its own name, so that it is found in any of them. */
export function LanguageMenu() {
  const t = useMessages(appMessages);
  const { language, setLanguage } = useLanguage();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t('language')} title={t('language')}>
          <IconLanguage size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={language}
          onChange={(value) => isLanguage(value) && setLanguage(value)}
        >
          {Object.entries(LANGUAGES).map(([value, name]) => (
            <Menu.RadioItem key={value} value={value} lang={value}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Light, sepia or dark paper, or whatever the device has. */
export function ThemeMenu() {
  const t = useMessages(appMessages);
  const { theme, paper, setTheme } = useTheme();
  const Sign = paper === 'dark' ? IconMoon : IconSun;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t('theme')} title={t('theme')}>
          <Sign size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={theme}
          onChange={(value) => {
            const chosen = THEMES.find((name) => name === value);
            if (chosen !== undefined) setTheme(chosen);
          }}
        >
          {THEMES.map((name) => (
            <Menu.RadioItem key={name} value={name}>
              {t(`theme_${name}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
