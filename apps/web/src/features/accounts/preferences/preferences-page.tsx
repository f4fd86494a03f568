import { NativeSelect } from '@mantine/core';
import { Section } from '../../../components/index.ts';
import { isLanguage, LANGUAGES, useLanguage, useMessages } from '../../../i18n/index.ts';
import { AccountFrame } from '../account-frame.tsx';
import { accountMessages } from '../messages/index.ts';
import { HistoryAndStorage } from './history-and-storage.tsx';
import { PaperChoice } from './paper-choice.tsx';
import { ReadingChoice } from './reading-choice.tsx';
import classes from './preferences.module.css';

/** How it looks for this person, how long history is kept, and how much room is taken. */
export function PreferencesPage() {
  const t = useMessages(accountMessages);
  const { language, setLanguage } = useLanguage();
  return (
    <AccountFrame screen="preferences">
      <Section aside title={t('look')} lead={t('lookLead')}>
        <div className={classes['fields']}>
          <NativeSelect
            size="md"
            label={t('language')}
            value={language}
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              if (isLanguage(chosen)) setLanguage(chosen);
            }}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            className={classes['select']}
          />
          <PaperChoice />
        </div>
      </Section>
      <Section aside title={t('reading')} lead={t('readingLead')}>
        <ReadingChoice />
      </Section>
      <HistoryAndStorage />
    </AccountFrame>
  );
}
