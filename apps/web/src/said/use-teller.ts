import { ApiError, type ChapterSummary, type Job } from '@scriptorium/contract';
import { use, useCallback, useMemo } from 'react';
import { useLanguage } from '../i18n/index.ts';
import { loadSaidWords } from './said-words.ts';
import { tellerFor, type Teller } from './teller.ts';

/** Says what the server says in the person's language; suspends until its words are fetched. */
export function useTeller(): Teller {
  const { language } = useLanguage();
  const words = use(loadSaidWords(language));
  return useMemo(() => tellerFor(language, words), [language, words]);
}

/** Why a page is taken for what it is taken for; null for a chapter. */
export function pageReason(
  chapter: Pick<
    ChapterSummary,
    'service_page_reason' | 'service_page_reason_code' | 'service_page_reason_params'
  >,
  teller: Teller,
): string | null {
  const { service_page_reason: message } = chapter;
  if (message === null) return null;
  const { service_page_reason_code: code, service_page_reason_params: params } = chapter;
  return teller.sentence({ code, params, message });
}

/** What is waited for. */
export function waitReason({ reason, code, params }: WaitingFor, teller: Teller): string {
  return teller.sentence({ code, params, message: reason });
}

type WaitingFor = Pick<NonNullable<Job['waiting_for']>, 'reason' | 'code' | 'params'>;

/**
 * An error in one line, for a notice that goes away by itself. Nothing waits for the words before there is an error.
 */
export function useErrorLine(): (error: unknown) => Promise<string> {
  const { language } = useLanguage();
  return useCallback(
    async (error) => {
      if (!(error instanceof ApiError)) return String(error);
      const teller = tellerFor(language, await loadSaidWords(language));
      const { title, detail } = teller.problem(error.problem);
      return `${title}. ${detail}`;
    },
    [language],
  );
}
