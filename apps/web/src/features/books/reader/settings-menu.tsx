import { ActionIcon, Button, Popover, SegmentedControl } from '@mantine/core';
import { IconLetterCase, IconMinus, IconPlus } from '@tabler/icons-react';
import { THEMES, useTheme } from '../../../design/theme-choice.tsx';
import { useMessages } from '../../../i18n/index.ts';
import { appMessages } from '../../../app/messages/index.ts';
import { readerMessages } from './messages/index.ts';
import { FACES, SIZES, type ReadingSettings } from './reading-settings.ts';
import classes from './panels.module.css';

/** Type and paper: what a reader changes while reading. */
export function SettingsMenu({
  settings,
  change,
}: {
  readonly settings: ReadingSettings;
  readonly change: (changed: Partial<ReadingSettings>) => void;
}) {
  const t = useMessages(readerMessages);
  const app = useMessages(appMessages);
  const { theme, setTheme } = useTheme();
  const { face, size } = settings;
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus width={320} withinPortal>
      <Popover.Target>
        <ActionIcon
          size={44}
          variant="subtle"
          color="gray"
          aria-label={t('settings')}
          title={t('settings')}
        >
          <IconLetterCase size={20} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes['settings'] ?? ''} aria-label={t('settings')}>
        <div role="group" aria-label={t('size')} className={classes['sizes']}>
          <Button
            variant="default"
            aria-label={t('smaller')}
            disabled={size === 1}
            onClick={() => change({ size: size - 1 })}
          >
            <IconMinus size={16} aria-hidden="true" />
          </Button>
          <span aria-live="polite" className="figures">
            {t('sizeNow', { size, most: SIZES })}
          </span>
          <Button
            variant="default"
            aria-label={t('larger')}
            disabled={size === SIZES}
            onClick={() => change({ size: size + 1 })}
          >
            <IconPlus size={16} aria-hidden="true" />
          </Button>
        </div>
        <SegmentedControl
          fullWidth
          aria-label={t('typeface')}
          value={face}
          data={FACES.map((value) => ({ value, label: t(value) }))}
          onChange={(value) => change({ face: value })}
        />
        <SegmentedControl
          fullWidth
          aria-label={t('paper')}
          value={theme}
          data={THEMES.map((value) => ({
            value,
            label: value === 'auto' ? t('paperAuto') : app(`theme_${value}`),
          }))}
          onChange={setTheme}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
