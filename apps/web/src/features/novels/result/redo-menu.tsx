import { Button, Menu } from '@mantine/core';
import type { ShorteningModel } from '@scriptorium/contract';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { RedoDialog } from '../again/index.ts';
import { novelsMessages } from '../messages/index.ts';
import { useModels } from '../use-models.ts';
import { resultMessages } from './messages/index.ts';
import classes from './result-page.module.css';

/** Does sentences again with a model of one's choice, as a new job with a whole result, once it is known what that takes. */
export function RedoMenu({
  jobId,
  novelId,
  sentenceIds,
  label,
}: {
  readonly jobId: number;
  readonly novelId: number;
  /** Undefined: all that are over the limit. */
  readonly sentenceIds: readonly number[] | undefined;
  readonly label: string;
}) {
  const t = useMessages(resultMessages);
  const names = useMessages(novelsMessages);
  const navigate = useNavigate();
  const { models, isOfflineAlone } = useModels();
  const [model, setModel] = useState<ShorteningModel>();
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden="true" />}>
            {label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label className={classes['partial']}>{t('redoNote')}</Menu.Label>
          {models?.map((each) => (
            <Menu.Item key={each} onClick={() => setModel(each)}>
              {t('redoWith', { model: names(`model_${each}`) })}
            </Menu.Item>
          ))}
          {isOfflineAlone && (
            <Menu.Label className={classes['partial']}>{names('noModel')}</Menu.Label>
          )}
        </Menu.Dropdown>
      </Menu>
      {model !== undefined && (
        <RedoDialog
          jobId={jobId}
          sentenceIds={sentenceIds}
          model={model}
          title={label}
          onStarted={(job) =>
            void navigate({
              to: '/novels/$novelId/jobs/$jobId',
              params: { novelId: String(novelId), jobId: String(job.id) },
            })
          }
          onClose={() => setModel(undefined)}
        />
      )}
    </>
  );
}
