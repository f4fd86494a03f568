import type { Translation } from '../../i18n/index.ts';
import type en from './en.ts';

export default {
  tryAgain: 'Повторить',
  undo: 'Отменить',
  copy: 'Копировать',
  copied: 'Скопировано.',
  pressToCopy: 'Выделено. Здесь браузер копирует только вручную: нажмите Ctrl C.',
  unreachableTitle: 'Сервер не отвечает',
  unreachableText:
    'То, что на экране, сохранено. Проверьте сеть или узнайте, работает ли сервер, и повторите.',
  unexpectedTitle: 'Страница столкнулась с неизвестным',
  unexpectedText:
    'Ничего не потеряно. Перезагрузите страницу; если это повторится, передайте администратору то, что написано ниже.',
  live: 'сразу',
  liveTitle: 'Каждое изменение видно сразу',
  reconnecting: 'соединение восстанавливается',
  reconnectingTitle: 'Соединение прервалось; оно продолжится с того же места',
  polling: 'с опросом',
  pollingTitle:
    'Сеть не пропускает постоянное соединение; сервер опрашивается каждые несколько секунд',
} satisfies Translation<typeof en, 'ru'>;
