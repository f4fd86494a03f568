import type { Translation } from '../../../../i18n/index.ts';
import type en from './en.ts';

export default {
  signIn: 'Se connecter',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  signingIn: 'Connexion…',
  wrongCredentials:
    'Aucun compte n’a cette adresse et ce mot de passe. Vérifiez les deux, puis réessayez.',
  noOwnerYet:
    'À son premier démarrage, le serveur affiche un lien à usage unique pour qui en devient propriétaire. Les autres sont invités par le propriétaire.',
  specimen:
    'Dans chaque livre il y a des chambres que personne n’a dessinées. La tour se dressait au-dessus de la brume, ses fenêtres s’allumant une à une, et en bas le fleuve ramenait les dernières barques. Ici on les trouve, une à une, et on les pose en marge, auprès des mots qui les ont faites.',
  specimenPlace: 'La tour se dressait au-dessus de la brume',
  specimenGloss: 'lieu',
  specimenMood: 'ses fenêtres s’allumant une à une',
  specimenMoodGloss: 'atmosphère',
} satisfies Translation<typeof en, 'fr'>;
