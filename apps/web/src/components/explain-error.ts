import { ApiError } from '@scriptorium/contract';
import type { Translate } from '../i18n/index.ts';
import type { Teller } from '../said/index.ts';
import type { componentMessages } from './messages/index.ts';

export interface Explanation {
  readonly title: string;
  /** What happened this time and what to do. */
  readonly detail: string;
  /** What is wrong with single fields. */
  readonly mistakes: readonly string[];
  /** For the operator: the code, and the request under which the log knows it. */
  readonly reference: string;
}

/** An error in words. Of the server's problem documents everything is said that they say, in the language of the interface. */
export function explain(
  error: Error,
  t: Translate<(typeof componentMessages)['en']>,
  teller: Teller,
): Explanation {
  if (!(error instanceof ApiError)) {
    return {
      title: t('unexpectedTitle'),
      detail: t('unexpectedText'),
      mistakes: [],
      reference: `${error.name}: ${error.message}`,
    };
  }
  const { errors = [], code, instance } = error.problem;
  if (code === 'client.unreachable') {
    return {
      title: t('unreachableTitle'),
      detail: t('unreachableText'),
      mistakes: [],
      reference: code,
    };
  }
  return {
    ...teller.problem(error.problem),
    mistakes: errors.map((mistake) => teller.mistake(mistake)),
    reference: instance === undefined ? code : `${code} · ${instance}`,
  };
}
