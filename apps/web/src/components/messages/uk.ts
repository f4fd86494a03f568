import type { Translation } from '../../i18n/index.ts';
import type en from './en.ts';

export default {
  tryAgain: 'Повторити',
  undo: 'Скасувати',
  copy: 'Копіювати',
  copied: 'Скопійовано.',
  pressToCopy: 'Виділено. Тут браузер копіює лише вручну: натисніть Ctrl C.',
  unreachableTitle: 'Сервер не відповідає',
  unreachableText:
    'Те, що на екрані, збережено. Перевірте мережу або дізнайтеся, чи працює сервер, і повторіть.',
  unexpectedTitle: 'Сторінка натрапила на невідоме',
  unexpectedText:
    'Нічого не втрачено. Перезавантажте сторінку; якщо це повториться, передайте адміністраторові те, що написано нижче.',
  live: 'наживо',
  liveTitle: 'Кожну зміну видно одразу',
  reconnecting: 'з’єднання відновлюється',
  reconnectingTitle: 'З’єднання перервалося; воно продовжиться з того самого місця',
  polling: 'з опитуванням',
  pollingTitle: 'Мережа не пропускає постійне з’єднання; сервер опитується кожні кілька секунд',
} satisfies Translation<typeof en, 'uk'>;
