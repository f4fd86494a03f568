import type { Translation } from '../../i18n/index.ts';
import type en from './en.ts';

export default {
  uploads: 'Файлы в пути',
  waiting: 'ждёт предыдущие',
  sending: '{sent} из {size}',
  cancelled: 'Отменено',
  locked: 'Нужен пароль',
  lockedText:
    'Этот PDF зашифрован. Пароль нужен один раз, чтобы прочитать страницы, и не сохраняется.',
  wrongPassword: 'Этот пароль не открывает файл. Попробуйте другой.',
  password: 'Пароль к файлу {name}',
  passwordLabel: 'Пароль',
  unlock: 'Открыть файл',
  sendAgain: 'Отправить ещё раз',
  cancel: 'Отменить',
  dismiss: 'Убрать {name} из списка',
} satisfies Translation<typeof en, 'ru'>;
