import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { useMemo } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';
import { KeyCap } from './key-cap.tsx';
import { useShortcutGroups, useShortcuts } from './shortcuts.ts';
import classes from './shell.module.css';

/** The keys that work on this screen, behind `?`. */
export function ShortcutsDialog() {
  const t = useMessages(appMessages);
  const [isOpen, { open, close }] = useDisclosure(false);
  const groups = useShortcutGroups();
  const everywhere = useMemo(
    () => [
      { keys: '?', label: t('showShortcuts'), run: open },
      { keys: 'mod+K', label: t('showCommands'), run: spotlight.open },
    ],
    [t, open],
  );
  useShortcuts(t('shortcutsEverywhere'), everywhere, true);
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('shortcuts')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {groups.map(({ title, shortcuts }) => (
        <section key={title}>
          <h3 className={classes['shortcutTitle']}>{title}</h3>
          <dl className={classes['shortcuts']}>
            {[...Map.groupBy(shortcuts, ({ label }) => label)].map(([label, same]) => (
              <div key={label}>
                <dt>
                  {same.map(({ keys }) => (
                    <KeyCap key={keys} keys={keys} />
                  ))}
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
