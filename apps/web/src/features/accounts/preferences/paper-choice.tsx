import { THEMES, useTheme } from '../../../design/theme-choice.tsx';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import classes from './preferences.module.css';

/** The papers as papers: each choice is a scrap of it. */
export function PaperChoice() {
  const t = useMessages(accountMessages);
  const { theme, setTheme } = useTheme();
  return (
    <fieldset className={classes['papers']}>
      <legend>{t('paper')}</legend>
      {THEMES.map((name) => (
        <label key={name} className={classes['paper']}>
          <input
            type="radio"
            name="paper"
            value={name}
            checked={theme === name}
            onChange={() => setTheme(name)}
          />
          <span className={classes['scrap']} aria-hidden="true">
            {(name === 'auto' ? (['light', 'dark'] as const) : [name]).map((paper) => (
              <span key={paper} data-paper={paper} className={classes['half']}>
                <i>A</i>a
              </span>
            ))}
          </span>
          {t(`paper_${name}`)}
        </label>
      ))}
    </fieldset>
  );
}
