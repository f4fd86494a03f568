import { NumberInput, Slider } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import classes from './workshop.module.css';

/** Four is the least that holds a clause in our languages. */
export const LEAST_WORDS = 4;
export const MOST_WORDS = 60;
export const USUAL_WORDS = 12;

const PRESETS = [
  { words: 6, name: 'presetFirst' },
  { words: USUAL_WORDS, name: 'presetUsual' },
  { words: 18, name: 'presetReader' },
  { words: 25, name: 'presetFluent' },
] as const;

/** How many words a sentence may have: a slider, a number for the exact one, and the usual lengths. */
export function WordsChoice({
  words,
  onWords,
}: {
  readonly words: number;
  readonly onWords: (words: number) => void;
}) {
  const t = useMessages(novelsMessages);
  return (
    <fieldset className={classes['choice']}>
      <legend>{t('limitLabel')}</legend>
      <div className={classes['words']}>
        <Slider
          className={classes['slider']}
          min={LEAST_WORDS}
          max={MOST_WORDS}
          value={words}
          onChange={onWords}
          label={null}
          thumbLabel={t('limitLabel')}
          thumbProps={{ 'aria-valuetext': t('limitValue', { count: words }) }}
        />
        <NumberInput
          className={classes['number']}
          aria-label={t('limitLabel')}
          min={LEAST_WORDS}
          max={MOST_WORDS}
          allowDecimal={false}
          clampBehavior="blur"
          value={words}
          onChange={(value) => {
            const isAllowed =
              typeof value === 'number' && value >= LEAST_WORDS && value <= MOST_WORDS;
            if (isAllowed) onWords(value);
          }}
        />
      </div>
      <div className={classes['presets']} role="group" aria-label={t('presets')}>
        {PRESETS.map((preset) => (
          <button
            key={preset.words}
            type="button"
            className={classes['preset']}
            aria-pressed={preset.words === words}
            onClick={() => onWords(preset.words)}
          >
            <span className="figures">{preset.words}</span> {t(preset.name)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
