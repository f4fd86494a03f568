import type { Translation } from '../../../../i18n/index.ts';
import type en from './en.ts';

export default {
  what: {
    one: '{count} phrase est refaite ({pages}).',
    other: '{count} phrases sont refaites ({pages}).',
  },
  nothing: 'Tout ce qu’il faut est déjà conservé ; il ne reste qu’à assembler le résultat.',
  leave: 'Pas maintenant',
  close: 'Fermer',
} satisfies Translation<typeof en, 'fr'>;
