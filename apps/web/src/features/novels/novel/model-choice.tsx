import type { ShorteningModel } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import type { OfferedModels } from '../use-models.ts';
import classes from './workshop.module.css';

/** Who rewrites, among what this server has. */
export function ModelChoice({
  offered,
  model,
  isOfflineUsual,
  onModel,
}: {
  readonly offered: OfferedModels;
  /** Undefined until the server has said what it takes of itself. */
  readonly model: ShorteningModel | undefined;
  /** Nothing was chosen, and this server then takes the rules. */
  readonly isOfflineUsual: boolean;
  readonly onModel: (model: ShorteningModel) => void;
}) {
  const t = useMessages(novelsMessages);
  return (
    <fieldset className={classes['choice']}>
      <legend>{t('modelLabel')}</legend>
      <div className={classes['models']}>
        {offered.models?.map((name) => (
          <label key={name} className={classes['model']} data-checked={name === model || undefined}>
            <input
              type="radio"
              name="model"
              value={name}
              checked={name === model}
              onChange={() => onModel(name)}
              aria-describedby={`about-${name}`}
            />
            <span className={classes['modelName']}>{t(`model_${name}`)}</span>
            <span id={`about-${name}`} className={classes['modelAbout']}>
              {t(`about_${name}`)}
            </span>
          </label>
        ))}
      </div>
      {offered.isOfflineAlone && <p className={classes['hint']}>{t('noModel')}</p>}
      {isOfflineUsual && !offered.isOfflineAlone && (
        <p className={classes['hint']}>{t('noUsualModel')}</p>
      )}
    </fieldset>
  );
}
