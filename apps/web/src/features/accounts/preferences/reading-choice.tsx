import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useMessages } from '../../../i18n/index.ts';
import { FACES, SIZES, useReadingSettings } from '../../books/index.ts';
import { accountMessages } from '../messages/index.ts';
import classes from './preferences.module.css';

/** How the text of books is set. */
export function ReadingChoice() {
  const t = useMessages(accountMessages);
  const { settings, change } = useReadingSettings();
  const { face, size } = settings;
  return (
    <div className={classes['fields']}>
      <NativeSelect
        size="md"
        label={t('face')}
        value={face}
        onChange={(event) => {
          const chosen = FACES.find((name) => name === event.currentTarget.value);
          if (chosen !== undefined) change({ face: chosen });
        }}
        data={FACES.map((name) => ({ value: name, label: t(`face_${name}`) }))}
        className={classes['select'] ?? ''}
      />
      <div role="group" aria-label={t('size')} className={classes['size']}>
        <span className={classes['sizeName']}>{t('size')}</span>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('smaller')}
          disabled={size === 1}
          onClick={() => change({ size: size - 1 })}
        >
          <IconMinus size={16} aria-hidden="true" />
        </ActionIcon>
        <output className="figures">{t('sizeOf', { size, sizes: SIZES })}</output>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('larger')}
          disabled={size === SIZES}
          onClick={() => change({ size: size + 1 })}
        >
          <IconPlus size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
    </div>
  );
}
