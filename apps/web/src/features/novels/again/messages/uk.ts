import type { Translation } from '../../../../i18n/index.ts';
import type en from './en.ts';

export default {
  what: {
    one: '{count} речення робиться знову ({pages}).',
    few: '{count} речення робляться знову ({pages}).',
    many: '{count} речень робляться знову ({pages}).',
    other: '{count} речення робляться знову ({pages}).',
  },
  nothing: 'Усе потрібне вже збережено; лишається зібрати результат.',
  leave: 'Не зараз',
  close: 'Закрити',
} satisfies Translation<typeof en, 'uk'>;
