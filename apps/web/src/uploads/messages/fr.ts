import type { Translation } from '../../i18n/index.ts';
import type en from './en.ts';

export default {
  uploads: 'Fichiers en route',
  waiting: 'attend ceux d’avant',
  sending: '{sent} sur {size}',
  cancelled: 'Annulé',
  locked: 'Mot de passe requis',
  lockedText:
    'Ce PDF est chiffré. Son mot de passe sert une fois, à lire les pages, et n’est pas conservé.',
  wrongPassword: 'Ce mot de passe n’ouvre pas le fichier. Essayez-en un autre.',
  password: 'Mot de passe de {name}',
  passwordLabel: 'Mot de passe',
  unlock: 'Ouvrir le fichier',
  sendAgain: 'Envoyer de nouveau',
  cancel: 'Annuler',
  dismiss: 'Retirer {name} de cette liste',
} satisfies Translation<typeof en, 'fr'>;
