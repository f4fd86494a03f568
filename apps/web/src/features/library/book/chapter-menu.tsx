import { ActionIcon, Menu } from '@mantine/core';
import type { ChapterSummary } from '@scriptorium/contract';
import { IconDots } from '@tabler/icons-react';
import { useMessages } from '../../../i18n/index.ts';
import { libraryMessages } from '../messages/index.ts';
import { useCorrection } from './use-correction.ts';
import classes from './book.module.css';

/** What can be changed about a chapter. */
export function ChapterMenu({ chapter }: { readonly chapter: ChapterSummary }) {
  const t = useMessages(libraryMessages);
  const { correct, prepareAgain, undo } = useCorrection(chapter);
  const isService = chapter.is_service_page;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          className={classes['menu']}
          aria-label={t('actionsFor', { title: chapter.title })}
        >
          <IconDots size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => correct(!isService)}>
          {t(isService ? 'treatAsChapter' : 'treatAsService')}
        </Menu.Item>
        {!isService && chapter.status !== 'waiting' && (
          <Menu.Item onClick={prepareAgain}>{t('prepareAgain')}</Menu.Item>
        )}
        {chapter.can_undo && <Menu.Item onClick={undo}>{t('undoChange')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
