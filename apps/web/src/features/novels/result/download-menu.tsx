import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { downloadFile } from './download-file.ts';
import { resultMessages } from './messages/index.ts';
import classes from './result-page.module.css';

const FORMATS = ['epub', 'html', 'xlsx', 'csv', 'tsv', 'txt', 'json'] as const;

/** The result as a file, in seven formats; of a result with something missing it says so before. */
export function DownloadMenu({
  jobId,
  isPartial,
  isRunning,
}: {
  readonly jobId: number;
  readonly isPartial: boolean;
  readonly isRunning: boolean;
}) {
  const t = useMessages(resultMessages);
  const download = useMutation({
    mutationFn: (format: (typeof FORMATS)[number]) =>
      downloadFile(`/api/v1/jobs/${jobId}/result?format=${format}`),
  });
  return (
    <div className={classes['download']}>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant={isRunning ? 'default' : 'filled'}
            disabled={download.isPending}
            rightSection={<IconChevronDown size={16} aria-hidden="true" />}
          >
            {download.isPending
              ? t('downloading', { format: download.variables.toUpperCase() })
              : t(isPartial ? 'downloadPartial' : 'download')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isPartial && <Menu.Label className={classes['partial']}>{t('partialMark')}</Menu.Label>}
          {FORMATS.map((format) => (
            <Menu.Item key={format} onClick={() => download.mutate(format)}>
              {t(`format_${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {download.error !== null && <ErrorNotice error={download.error} />}
    </div>
  );
}
