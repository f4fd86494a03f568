import { ActionIcon, Menu } from '@mantine/core';
import type { Job, Novel } from '@scriptorium/contract';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Facts, StatusBadge, Time } from '../../../components/index.ts';
import { useLanguage, useMessages } from '../../../i18n/index.ts';
import { JobStateBadge } from '../job-state-badge.tsx';
import { languageName } from '../language-name.ts';
import { novelsMessages } from '../messages/index.ts';
import { useDeleteNovel } from '../use-delete-novel.ts';
import classes from './novels-page.module.css';

/** One novel: what it is called, how large it is, what has been made of it. All of the line leads to its page. */
export function NovelLine({
  novel,
  job,
}: {
  readonly novel: Novel;
  /** The newest job on it. */
  readonly job: Job | undefined;
}) {
  const t = useMessages(novelsMessages);
  const { language } = useLanguage();
  const params = { novelId: String(novel.id) };
  const spoken = novel.language === null ? undefined : languageName(novel.language, language);
  return (
    <li className={classes['novel']}>
      <div className={classes['what']}>
        <h2 className={classes['title']}>
          <Link to="/novels/$novelId" params={params} className={classes['link']}>
            {novel.title}
          </Link>
        </h2>
        <Facts
          facts={[
            novel.author ?? t('unknownAuthor'),
            t('pages', { count: novel.page_count }),
            t('sentences', { count: novel.sentences }),
            spoken ?? t('unknownLanguage'),
          ]}
        />
      </div>
      <div className={classes['state']}>
        {job === undefined ? (
          <StatusBadge tone="quiet">{t('stateNew')}</StatusBadge>
        ) : (
          <JobStateBadge job={job} />
        )}
        <span className={classes['when']}>
          <Time at={job?.created_at ?? novel.created_at} />
        </span>
      </div>
      <NovelMenu novel={novel} />
    </li>
  );
}

function NovelMenu({ novel }: { readonly novel: Novel }) {
  const t = useMessages(novelsMessages);
  const deleteNovel = useDeleteNovel();
  const params = { novelId: String(novel.id) };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className={classes['menu']}
          aria-label={t('novelMenu', { title: novel.title })}
        >
          <IconDots size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          renderRoot={(props) => <Link to="/novels/$novelId" params={params} {...props} />}
        >
          {t('open')}
        </Menu.Item>
        <Menu.Item color="failed" onClick={() => deleteNovel(novel)}>
          {t('deleteNovel')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
