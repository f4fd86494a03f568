import { Button, Menu } from '@mantine/core';
import { routes, type ShorteningModel } from '@scriptorium/contract';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import { MODELS } from '../models.ts';
import { resultMessages } from './messages/index.ts';
import classes from './result-page.module.css';

/** Does sentences again with a model of one's choice, as a new job with a whole result. */
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
  const redo = useAction(routes.novels.redo, [routes.jobs.list, routes.novels.list]);
  const start = (model: ShorteningModel) =>
    redo.mutate(
      {
        params: { id: jobId },
        body: {
          gemini_model: model,
          ...(sentenceIds === undefined ? {} : { sentence_ids: [...sentenceIds] }),
        },
      },
      {
        onSuccess: (job) =>
          void navigate({
            to: '/novels/$novelId/jobs/$jobId',
            params: { novelId: String(novelId), jobId: String(job.id) },
          }),
      },
    );
  return (
    <div className={classes['redo']}>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            disabled={redo.isPending}
            rightSection={<IconChevronDown size={16} aria-hidden="true" />}
          >
            {redo.isPending ? t('redoStarting') : label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label className={classes['partial']}>{t('redoNote')}</Menu.Label>
          {MODELS.map((model) => (
            <Menu.Item key={model} onClick={() => start(model)}>
              {t('redoWith', { model: names(`model_${model}`) })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {redo.error !== null && <ErrorNotice error={redo.error} />}
    </div>
  );
}
