import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { routes, type Novel, type ShorteningModel } from '@scriptorium/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { query } from '../../../api/index.ts';
import { useShortcuts } from '../../../app/shell/shortcuts.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import { useModels, type OfferedModels } from '../use-models.ts';
import { EstimatePanel } from './estimate-panel.tsx';
import { MissingCredits } from './missing-credits.tsx';
import { ModelChoice } from './model-choice.tsx';
import { LEAST_WORDS, MOST_WORDS, USUAL_WORDS, WordsChoice } from './words-choice.tsx';
import { useStart } from './use-start.ts';
import classes from './workshop.module.css';

const route = getRouteApi('/signed-in/novels/$novelId');

/** The estimate follows the slider this much later, so that it is asked for once a movement. */
const SETTLE_MS = 300;

/** Options, what they will take, and the start. */
export function Workshop({ novel }: { readonly novel: Novel }) {
  const t = useMessages(novelsMessages);
  const offered = useModels();
  const { words, setWords, model, setModel, settledWords, isKnown } = useOptions(offered);
  const options = useMemo(() => ({ words: settledWords, model }), [settledWords, model]);
  const estimate = useQuery({
    ...query(routes.novels.estimate, {
      params: { id: novel.id },
      query: { sentence_length_limit: options.words, gemini_model: options.model },
    }),
    enabled: isKnown,
    placeholderData: keepPreviousData,
  });
  const balance = useQuery(query(routes.credits.balance, {}));
  const { start, heldFor } = useStart(novel.id);
  const isSettled = words === settledWords && !estimate.isPlaceholderData;
  const needed = estimate.data?.credits.high ?? 0;
  const held = heldFor(options);
  const isShort =
    held === undefined && balance.data !== undefined && balance.data.available < needed;
  const isReady = estimate.data !== undefined && isSettled && !isShort && !start.isPending;
  const { mutate } = start;
  const begin = useCallback(() => {
    if (isReady) mutate(options);
  }, [isReady, mutate, options]);
  const shortcuts = useMemo(
    () => [{ keys: 'mod+Enter', label: t('shortcutStart'), run: begin }],
    [t, begin],
  );
  useShortcuts(t('shortcutsTitle'), shortcuts);
  return (
    <section className={classes['workshop']} aria-labelledby="workshop-title">
      <h2 id="workshop-title" className={classes['title']}>
        {t('optionsTitle')}
      </h2>
      <WordsChoice words={words} onWords={setWords} />
      <ModelChoice
        offered={offered}
        model={model ?? estimate.data?.gemini_model}
        isOfflineUsual={model === undefined && estimate.data?.gemini_model === 'offline'}
        onModel={setModel}
      />
      <EstimatePanel
        estimate={estimate.data}
        error={estimate.error ?? offered.error}
        isSettled={isSettled}
        balance={balance.data}
      />
      {estimate.data !== undefined && isSettled && isShort && (
        <MissingCredits
          needed={needed}
          available={balance.data.available}
          onOffline={() => setModel('offline')}
        />
      )}
      {start.error !== null && <ErrorNotice error={start.error} />}
      {start.error !== null && held !== undefined && held.credits_held > 0 && (
        <HeldNotice credits={held.credits_held} until={held.expires_at} />
      )}
      <div className={classes['start']}>
        <Button disabled={!isReady} onClick={begin}>
          {start.isPending ? t('starting') : t('start')}
        </Button>
        {estimate.data !== undefined && !isShort && <Holding credits={needed} />}
      </div>
    </section>
  );
}

/** Options live in the address; the slider moves ahead of it. A model of the address that this server lacks is none chosen. */
function useOptions({ models }: OfferedModels) {
  const { words: asked = USUAL_WORDS, model: named } = route.useSearch();
  const model = models?.find((each) => each === named);
  const isKnown = named === undefined || models !== undefined;
  const navigate = route.useNavigate();
  const [words, setWords] = useState(() => Math.min(MOST_WORDS, Math.max(LEAST_WORDS, asked)));
  const [settledWords] = useDebouncedValue(words, SETTLE_MS);
  useEffect(() => {
    void navigate({
      search: (old) => ({ ...old, words: settledWords === USUAL_WORDS ? undefined : settledWords }),
      replace: true,
      resetScroll: false,
    });
  }, [settledWords, navigate]);
  const setModel = (chosen: ShorteningModel) =>
    void navigate({
      search: (old) => ({ ...old, model: chosen }),
      replace: true,
      resetScroll: false,
    });
  return { words, setWords, settledWords, model, setModel, isKnown };
}

function Holding({ credits }: { readonly credits: number }) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  return (
    <p className={classes['holding']}>
      {credits === 0 ? t('holdsNothing') : t('holds', { credits: formats.number(credits) })}
    </p>
  );
}

function HeldNotice({ credits, until }: { readonly credits: number; readonly until: string }) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  return (
    <p className={classes['holding']}>
      {t('heldUntil', { credits: formats.number(credits), time: formats.clock(until) })}
    </p>
  );
}
