import type { Audit } from '@scriptorium/contract';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { resultMessages } from './messages/index.ts';
import classes from './result-page.module.css';

/** The proof in one sentence: “All 7,412 sentences present, 31 over the limit.” */
export function AuditSentence({
  audit,
  isRunning,
}: {
  readonly audit: Audit;
  /** What is not there yet is then not missing. */
  readonly isRunning: boolean;
}) {
  const t = useMessages(resultMessages);
  const formats = useFormats();
  const { expected: count, present, missing, doubled } = audit;
  const countOf = (counts: { count: number; present: number; missing: number }) => {
    if (isRunning) return t('auditSoFar', counts);
    return counts.missing === 0 ? t('auditAll', counts) : t('auditSome', counts);
  };
  const parts = [
    countOf({ count, present, missing }),
    t('auditOver', { count: audit.labels.over_limit ?? 0 }),
    ...(doubled > 0 ? [t('auditDoubled', { count: doubled })] : []),
    ...(audit.in_order ? [] : [t('auditOrder')]),
  ];
  return (
    <div>
      <p className={classes['audit']}>{parts.join(', ')}.</p>
      {!isRunning && (
        <p className={classes['note']}>
          {t('shareWithin', { percent: formats.percent(shareInPercent(audit)) })}
        </p>
      )}
    </div>
  );
}

/** Rounded down: 99.9 per cent within the limit are not all of them. */
function shareInPercent({ share_within_limit: share }: Audit): number {
  return Math.floor(share * 100);
}
