import type { Novel } from '@scriptorium/contract';
import { useFormats, useLanguage, useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { languageName } from '../language-name.ts';
import { novelsMessages } from '../messages/index.ts';
import classes from './novel-page.module.css';

/** How large the novel is and in which language, and how far the rules for that language can be trusted. */
export function NovelFacts({ novel }: { readonly novel: Novel }) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  const teller = useTeller();
  const { language } = useLanguage();
  const spoken = novel.language === null ? undefined : languageName(novel.language, language);
  const isMeasured = novel.language_support === 'measured';
  return (
    <>
      <dl className={classes['facts']}>
        <Fact name={t('factPages')}>{formats.number(novel.page_count)}</Fact>
        <Fact name={t('factSentences')}>{formats.number(novel.sentences)}</Fact>
        <Fact name={t('factWords')}>{formats.number(novel.words)}</Fact>
        <Fact name={t('factLanguage')}>
          {spoken ?? t('unknownLanguage')}
          {!isMeasured && <span className={classes['support']}>{t('bestEffort')}</span>}
        </Fact>
      </dl>
      <p className={classes['supportText']}>{t(isMeasured ? 'measuredText' : 'bestEffortText')}</p>
      {novel.warnings.length > 0 && (
        <details className={classes['warnings']}>
          <summary>{t('warnings', { count: novel.warnings.length })}</summary>
          <ul>
            {novel.warnings.map((warning) => (
              <li key={`${warning.code} ${warning.message}`}>{teller.sentence(warning)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
