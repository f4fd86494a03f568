/** The closed classes of words that the French rules go by. Straight apostrophes, lower-case. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/u));

export const THIRD_SINGULAR = words("il elle on c' ce cela ça personne chacun celui-ci celle-ci");
export const THIRD_PLURAL = words('ils elles');
export const FIRST_SECOND = words("je j' nous vous tu");
/** Pronouns that may be said again as the subject of the next sentence. */
export const REPEATABLE = words('il elle on ils elles');

export const CLITICS = words("ne n' se s' me m' te t' le l' la les lui leur y en nous vous");
export const DETERMINERS_S = words(
  "le la l' un une son sa ce cet cette mon ma ton ta notre votre leur",
);
export const DETERMINERS_P = words(
  'les des ses ces mes tes nos vos leurs deux trois quelques plusieurs',
);
export const LIGHT_ADJECTIVES =
  words(`petit petite petits petites vieux vieille vieil vieilles jeune jeunes grand grande
  grands grandes pauvre pauvres bon bonne bons bonnes gros grosse grosses beau belle bel beaux belles autre autres`);

export const OPENERS = words('et mais puis alors or cependant pourtant aussitôt ensuite enfin');
export const CONJUNCTIONS = words('et mais car puis or cependant pourtant alors aussi');

/** They open a clause that a finite verb belongs to. */
export const SUBORDINATORS =
  words(`que qu' qui dont où quand lorsque lorsqu' comme si s' puisque puisqu' quoique quoiqu'
  auquel auxquels duquel desquels lequel laquelle lesquels lesquelles auxquelles desquelles`);

/** A sentence that begins with one of these hangs its first comma on it. */
export const HANGING =
  words(`que qu' si s' quand lorsque lorsqu' comme pour après avant dès en à au aux dans sans tandis
  parce puisque puisqu' quoique bien pendant à mesure depuis malgré tant plus moins`);
/** The first sentence cannot end with these, nor a second begin with the prepositions among them. */
export const UNFINISHED =
  words(`que qu' quand lorsque si comme et ou mais dont où de d' à du des au aux dans sur avec
  sans pour par ni car puis ne n' se très plus`);
export const NO_BEGINNING =
  words(`que qu' qui dont où de d' du des à au aux dans sur sous avec sans pour par vers chez
  en ni ou comme si lorsque quand tandis parce puisque plus moins tant aussi`);

export const SPEECH_VERBS =
  words(`dit fit dis reprit répondit demanda ajouta murmura cria pensa déclara répliqua
  continua disait songeait répétait criait pensait répondait demandait balbutia bégaya cria hurla conclut interrompit
  s'écria écria`);
/** A clause that begins so is put in, not added. */
export const ASIDES =
  /^(?:je crois|je pense|je suppose|il est vrai|on le sait|il paraît|il me semble|me semble|je l'avoue|il semble|vous savez|tu sais|tu vois|vous voyez|vous comprenez|tu comprends|on dirait|on eût dit|je (?:te|vous|t'|vous l')\s?(?:dis|assure|jure|prie)|je t'en|je vous en|vois-tu|voyez-vous)/u;

/** Finite in every novel, though Lefff also knows them as nouns, adjectives or participles. */
export const CERTAINLY_FINITE =
  words(`est sont était étaient fut furent a ont avait avaient eut eurent fit dit vit mit
  prit sut vint tint sortit partit fallut`);
export const FINITE_ENDING = /(?:ait|aient|èrent|irent|urent|issent)$/u;
/** Present participles to Lefff, prepositions and nouns to everybody else. */
export const NO_PARTICIPLE =
  words(`pendant durant moyennant nonobstant concernant suivant pourtant maintenant auparavant
  devant avant cependant instant méchant enfant`);
