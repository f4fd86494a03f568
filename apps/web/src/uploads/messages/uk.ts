import type { Translation } from '../../i18n/index.ts';
import type en from './en.ts';

export default {
  uploads: 'Файли в дорозі',
  waiting: 'чекає на попередні',
  sending: '{sent} з {size}',
  cancelled: 'Скасовано',
  locked: 'Потрібен пароль',
  lockedText:
    'Цей PDF зашифровано. Пароль потрібен один раз, щоб прочитати сторінки, і не зберігається.',
  wrongPassword: 'Цей пароль не відкриває файл. Спробуйте інший.',
  password: 'Пароль до файлу {name}',
  passwordLabel: 'Пароль',
  unlock: 'Відкрити файл',
  sendAgain: 'Надіслати ще раз',
  cancel: 'Скасувати',
  dismiss: 'Прибрати {name} зі списку',
} satisfies Translation<typeof en, 'uk'>;
