import type { Translation } from '../../../../i18n/index.ts';
import type en from './en.ts';

export default {
  what: {
    one: '{count} предложение делается заново ({pages}).',
    few: '{count} предложения делаются заново ({pages}).',
    many: '{count} предложений делаются заново ({pages}).',
    other: '{count} предложения делаются заново ({pages}).',
  },
  nothing: 'Всё нужное уже сохранено; остаётся собрать результат.',
  leave: 'Не сейчас',
  close: 'Закрыть',
} satisfies Translation<typeof en, 'ru'>;
