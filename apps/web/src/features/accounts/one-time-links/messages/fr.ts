import type { Translation } from '../../../../i18n/index.ts';
import type en from './en.ts';

export default {
  registerTitle: 'Ouvrez votre compte',
  registerLead: 'Vous êtes invité. Le lien qui vous a mené ici ne sert qu’une fois.',
  openLead: 'Choisissez comment vous vous connecterez.',
  email: 'Adresse e-mail',
  firstPassword: 'Mot de passe, au moins 8 caractères',
  newPassword: 'Nouveau mot de passe, au moins 8 caractères',
  register: 'Ouvrir le compte',
  registering: 'Création de votre compte…',
  invitationSpent:
    'Cette invitation a déjà servi, a été révoquée ou est trop ancienne. Demandez-en une autre, ou connectez-vous.',
  invitationForAnother:
    'Cette invitation est pour une autre adresse. Prenez celle à laquelle elle a été envoyée, ou demandez-en une autre.',
  registrationClosed:
    'Ici, les comptes s’ouvrent sur invitation seulement. Demandez-en une au propriétaire de ce Scriptorium.',
  resetTitle: 'Choisissez un nouveau mot de passe',
  resetLead: 'Vous êtes déconnecté partout ailleurs. Vos clés d’API restent telles quelles.',
  reset: 'Enregistrer le mot de passe',
  resetting: 'Enregistrement du mot de passe…',
  linkSpent:
    'Ce lien a déjà servi, date de plus d’un jour, ou un plus récent l’a remplacé. Demandez-en un autre à un administrateur.',
  toSignIn: 'À la connexion',
  claimTitle: 'Ce Scriptorium n’a pas encore de propriétaire',
  claimLead:
    'Choisissez comment vous vous connecterez. Le lien qui vous a mené ici ne sert qu’une fois.',
  claim: 'Devenir propriétaire',
  claiming: 'Création de votre compte…',
  claimSpent:
    'Ce lien a déjà servi, date de plus d’un jour, ou il y a déjà un propriétaire. Redémarrez le serveur pour en obtenir un autre, ou connectez-vous.',
} satisfies Translation<typeof en, 'fr'>;
