/**
 * Words by which pages of a book are known, in English, French, Russian and a few of Japanese. Titles are matched whole
 * (punctuation around them aside), so "Contents" is a service page and "Contents of a Drawer" is not.
 */

function whole(...alternatives: string[]): RegExp {
  return new RegExp(`^[^\\p{L}\\p{N}]*(?:${alternatives.join('|')})[^\\p{L}\\p{N}]*$`, 'iu');
}

function prefix(...alternatives: string[]): RegExp {
  return new RegExp(`^[^\\p{L}\\p{N}]*(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}

export const SERVICE_TITLE = whole(
  'half[- ]?title(?: ?page)?|title ?page|copyright(?: page| notice)?|copyrights?|uncopyright|imprint',
  'colophon|(?:table of )?contents|the contents|brief contents|contents in detail|toc',
  'list of (?:illustrations|figures|tables|maps|plates)|illustrations|index(?: of .*)?|bibliography',
  'works cited|references|glossary|(?:front |back )?cover|credits?|contributors?',
  'about (?:the|this) (?:authors?|book|publisher|edition|typeface)|also by .*|by the same author',
  'other (?:books|works|titles) (?:by|from) .*|praise for .*|newsletter|advertisement|errata|legal notice',
  '(?:the )?(?:full )?project gutenberg.*',
  'page de titre|titre|faux[- ]titre|couverture|mentions l[ée]gales|copyright et .*|cr[ée]dits',
  'table(?: des mati[èe]res)?|sommaire|bibliographie|du m[êe]me auteur|[àa] propos de .*',
  'achev[ée] d.imprimer|quatri[èe]me de couverture',
  'оглавление|содержание|обложка|титул(?:ьный лист)?|выходные данные|аннотация|об авторе|об издании',
  'от издательства|реклама|библиография|указатель|глоссарий|копирайт',
  '表紙|目次|扉|奥付|索引|著者紹介',
);

/** Service titles that may stand over a long text. */
export const LONG_SERVICE_TITLE = whole(
  '(?:table of |the |brief )?contents(?: in detail)?|toc|index(?: of .*)?|bibliography|glossary',
  'table(?: des mati[èe]res)?|sommaire|bibliographie|оглавление|содержание|библиография|указатель|глоссарий|目次|索引',
);

export const NOTES_TITLE = whole(
  // "Note" alone is mostly a word of the author's, such as the last page of a novel.
  '(?:end|foot|rear)?notes|(?:end|foot|rear)note|notes de (?:fin|bas de page)|примечания|сноски|комментарии',
);

export const MATTER_TITLE = whole(
  'dedication|dedicatory (?:letter|epistle)|epigraph|acknowledge?ments?|d[ée]dicace|[ée]pigraphe',
  'remerciements|посвящение|эпиграф|благодарности',
);

export const DIVIDER_TITLE = prefix(
  'part|partie|часть|book|livre|книга|tome|том|volume|отдел',
  '(?:premi[èe]re|deuxi[èe]me|seconde|troisi[èe]me|quatri[èe]me|cinqui[èe]me|sixi[èe]me|septi[èe]me|derni[èe]re) partie',
  '(?:перв|втор|треть|четв[её]рт|пят|шест|седьм|восьм)\\p{L}* (?:часть|книга)',
);

/** Titles that only real text has: they protect a page from guesses by size and wording. */
export const REAL_TITLE = prefix(
  'chapter|chapitre|глава|part|partie|часть|book|livre|книга|prologue|[ée]pilogue|пролог|эпилог',
  'pr[ée]face|foreword|avant-propos|introduction|предисловие|введение|вступление|afterword|postface',
  'послесловие|conclusion|заключение|appendix|annexe|приложение|[ivxlcdm]+|\\d+',
);

export const PROLOGUE_TITLE = prefix('prologue|[ée]pilogue|пролог|эпилог');

export const SERVICE_FILE =
  /(?:^|[/_.-])(?:cover|couverture|title-?page|half-?title-?\w*|copyright\w*|uncopyright|imprint|colophon|toc|nav|contents|loi|lof|lot|bibliography|glossary|index|credits|about(?:-?the-?(?:author|publisher))?|alsoby|adcard|newsletter|titre|sommaire|表紙|目次|奥付)[-_]?\d*\.x?html?$/i;

export const MATTER_FILE =
  /(?:^|[/_.-])(?:dedication|dedicace|epigraph|epigraphe|acknowledge?ments?|remerciements)[-_]?\d*\.x?html?$/i;

/** Wording of imprints and adverts; each counts once. */
export const SERVICE_WORDING: readonly RegExp[] = [
  /\bisbn(?:-1[03])?[\s:]*[\d-]{9,}/iu,
  /(?:©|\(c\)|copyright)\s*(?:by\s)?(?:\d{4}|©)/iu,
  /all rights reserved|tous droits r[ée]serv[ée]s|все права защищены/iu,
  /d[ée]p[ôo]t l[ée]gal|achev[ée] d.imprimer|imprim[ée] en/iu,
  /(?:^|[^а-я])(?:удк|ббк)(?:[^а-я]|$)|подписано в печать|тираж \d/iu,
  /project gutenberg|standard ebooks|creative commons|public domain|domaine public/iu,
  /first published|published by|publi[ée] (?:par|en)|[ée]ditions? |издательств|publisher|[ée]diteur/iu,
  /printed in|library of congress|cataloguing|typeset|cover (?:design|art|illustration)|corrections?|errata/iu,
  /no part of this|без письменного разрешения|reproduction (?:interdite|partielle)/iu,
];

export const SERVICE_TYPES: readonly string[] = (
  'titlepage title-page halftitlepage halftitle cover copyright-page imprint colophon toc loi lot lof ' +
  'index glossary bibliography other-credits'
).split(' ');
export const NOTES_TYPES: readonly string[] = ['endnotes', 'footnotes', 'rearnotes', 'notes'];
export const MATTER_TYPES: readonly string[] = [
  'dedication',
  'epigraph',
  'acknowledgments',
  'acknowledgements',
];
export const DIVIDER_TYPES: readonly string[] = ['part', 'volume', 'division'];
export const CHAPTER_TYPES: readonly string[] =
  'bodymatter text chapter foreword preface introduction prologue epilogue'.split(' ');
