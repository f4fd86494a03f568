import { describe, expect, it } from 'vitest';
import { guessLanguage } from './guess-language.ts';

const SAMPLES = {
  en: 'The house stood at the end of the lane, and nobody in the village could remember that it had ever been anything but empty. At night the wind was in the trees, and a light was seen behind the windows, but not on all of the nights.',
  fr: "La maison se trouvait au bout du chemin, et personne dans le village ne se souvenait qu'elle eût été habitée. La nuit, le vent était dans les arbres, et une lueur se voyait derrière les fenêtres, mais pas toutes les nuits de la saison.",
  de: 'Das Haus stand am Ende der Gasse, und niemand in dem Dorf konnte sich daran erinnern, dass es je bewohnt war. In der Nacht ging der Wind in den Bäumen, und ein Licht war hinter den Fenstern zu sehen, aber nicht in jeder Nacht.',
  es: 'La casa estaba al final del camino, y nadie en el pueblo se acordaba de que hubiera estado habitada. Por la noche el viento pasaba entre los árboles, y una luz se veía detrás de las ventanas, pero no todas las noches del año.',
  it: 'La casa era alla fine della strada, e nessuno nel paese si ricordava che fosse mai stata abitata. Di notte il vento era tra gli alberi, e una luce si vedeva dietro le finestre, ma non in tutte le notti della stagione, e non per molto.',
  ru: 'Дом стоял в конце улицы, и никто в деревне не помнил, чтобы он был кем-то населён. По ночам ветер шумел в деревьях, и за окнами был виден свет, но не каждую ночь, а только когда луна уходила за холмы и все уже спали у себя.',
  uk: 'Будинок стояв у кінці вулиці, і ніхто в селі не пам’ятав, щоб він був кимось заселений. Ночами вітер шумів у деревах, і за вікнами було видно світло, але не кожної ночі, а лише тоді, як місяць ховався за пагорби, і все спало.',
};

describe('guessLanguage', () => {
  it.each(Object.entries(SAMPLES))('tells %s from the others', (language, text) => {
    expect(guessLanguage(text)).toBe(language);
  });

  it.each([
    ['a text of a few words', 'The house stood at the end of the lane.'],
    ['a language it does not know', 'A ház az utca végén állt, és a faluban senki sem '.repeat(9)],
    ['a list of names', 'Ann Bell Carl Dorn Emma Falk Gus Hart Ida Jung Karl Lind '.repeat(9)],
    ['nothing', ''],
  ])('does not guess at %s', (_, text) => {
    expect(guessLanguage(text)).toBeNull();
  });
});
