import type { Translation } from '../../i18n/index.ts';
import type en from './en.ts';

export default {
  tryAgain: 'Réessayer',
  undo: 'Annuler',
  copy: 'Copier',
  copied: 'Copié.',
  pressToCopy: 'Sélectionné. Ici, ce navigateur ne copie qu’à la main : appuyez sur Ctrl C.',
  unreachableTitle: 'Le serveur ne répond pas',
  unreachableText:
    'Ce que vous voyez est conservé. Vérifiez le réseau, ou demandez si le serveur fonctionne ; puis réessayez.',
  unexpectedTitle: 'Cette page a rencontré quelque chose d’inconnu',
  unexpectedText:
    'Rien n’est perdu. Rechargez la page ; si cela se reproduit, transmettez à l’exploitant ce qui est écrit ci-dessous.',
  live: 'en direct',
  liveTitle: 'Chaque changement s’affiche aussitôt',
  reconnecting: 'reconnexion',
  reconnectingTitle: 'La connexion a été perdue ; elle reprend là où elle s’est arrêtée',
  polling: 'par intervalles',
  pollingTitle:
    'Le réseau n’admet pas de connexion en direct ; le serveur est interrogé toutes les quelques secondes',
} satisfies Translation<typeof en, 'fr'>;
