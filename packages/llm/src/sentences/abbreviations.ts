/**
 * Words with a full stop of their own, by what may follow them. Case counts for single letters ("M." is Monsieur, "m."
 * a metre), not for the first letter of longer ones ("Cf.").
 */
export interface Abbreviations {
  /** Never the end of a sentence: titles, "e.g.". */
  readonly always: ReadonlySet<string>;
  /** Belong to what follows unless a word that often begins a sentence does: "Baker St. He", "the U.S. Army". */
  readonly names: ReadonlySet<string>;
  /** Belong to a number only: "p. 34", but "No. I won't." */
  readonly numbers: ReadonlySet<string>;
  /** Words that begin a sentence far more often than a name. */
  readonly starters: ReadonlySet<string>;
}

type Lists = Readonly<Record<keyof Abbreviations, string>>;

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/u));

const compile = ({ always, names, numbers, starters }: Lists): Abbreviations => ({
  always: words(always),
  names: words(names),
  numbers: words(numbers),
  starters: words(starters),
});

export const french = compile({
  always: `M MM Mme Mmes Mlle Mlles Mgr Dr Drs Me Pr pr dr Prof St Ste Sts Stes Vve LL Exc Mr Mrs cf av apr env
    boul bd fg ex p.ex c.-à-d c.à.d suiv dép arr`,
  names: 'Ch Th Ph Ed Alex Cie éd N.-D',
  numbers: 'p pp art chap vol no nos n° t fig pl ch liv h l v f fol sect',
  starters: `Il Elle Ils Elles On Nous Vous Je Tu J C Ce Cela Ça Cette Mais Et Puis Alors Quand Lorsque Or Car Donc
    Dans Pour Sur Après Tout Rien Qui Que Comme Si Enfin Personne Là Ici Un Une`,
});

export const english = compile({
  always: `Mr Mrs Ms Messrs Mme Dr Drs Prof Rev Capt Col Gen Lt Maj Sgt Cpl Hon Gov Sen Rep Mt vs viz cf e.g i.e
    approx Supt Insp Adm Cmdr Pvt Bros`,
  names: 'St Jr Sr Esq Ave Rd Co Corp Inc Ltd Wm Geo Chas Jas Thos Jos Ed Ft',
  numbers:
    'No Nos p pp vol vols ch chap fig figs art sec par Jan Feb Mar Apr Aug Sept Oct Nov Dec ver',
  starters: `The He She It They We You I In On At But And Then When That This There These Those His Her Their My Our
    Its If As For So What Who Where Why How A An No Not Yes Now Nobody Everyone One With After Before Even Only Perhaps`,
});

export const russian = compile({
  always: `г-н г-жа гг гн проф акад св свв им ул пер просп пр-т наб обл см ср напр т.е т.к т.н т.о т.ч ок род соч изд
    ред англ фр франц лат нем греч букв гр кн тов доц ген полк кап`,
  names: 'д пл с сл',
  numbers: 'стр гл т тт кв ч мин сек руб р коп рис табл п пп ст лл л кг км см',
  starters: `Он Она Оно Они Мы Вы Ты Я Но И А Потом Затем Тогда Когда Это Этот Эта Эти В На С К У За По Из От До Все
    Всё Там Тут Здесь Никто Ничто Не Что Кто Как Так Если Наконец Вдруг Однако Его Её Их Мне Ему Ей Никого Ничего`,
});

export const ukrainian = compile({
  always: `п пп пан проф акад св ім вул пров просп бул обл див пор напр тобто т.зв т.ч ред вид гр кн тов доц`,
  names: 'м с пл',
  numbers: 'стор с гл т кв год хв сек грн коп рис табл ст л',
  starters: `Він Вона Воно Вони Ми Ви Ти Я Але І Й Та А Потім Тоді Коли Це Цей Ця Ці В У На З До За По Від Усі Все
    Там Тут Ніхто Ніщо Не Що Хто Як Так Якщо Нарешті Раптом Його Її Їх Мені Йому Їй`,
});

export const german = compile({
  always: `Hr Hrn Fr Frl Dr Prof St Sr bzw z.B d.h u.a usw.a vgl sog ca geb gest evtl ggf bes u.U z.T z.Zt i.A i.d.R
    Hl Hrsg inkl d.i s.o s.u`,
  names: 'Str Abs Co Ltd z',
  numbers: 'Nr Nrn S Bd Bde Kap Abb Art Jan Feb Apr Aug Sept Okt Nov Dez',
  starters: `Er Sie Es Wir Ihr Ich Du Man Der Die Das Ein Eine Einen Und Aber Dann Da Als Im In Am Auf Doch Nun So
    Niemand Alles Nichts Dort Hier Wenn Was Wer Wie Wo`,
});

export const spanish = compile({
  always: `Sr Sra Srta Sres Sras D Dª Dña Dr Dra Prof Lic Ing Sto Sta Excmo Ilmo Ud Uds Vd Vds p.ej vid cf aprox EE`,
  names: 'Cía Av Avda UU',
  numbers: 'núm núms nº pág págs p pp cap vol art fig t',
  starters: `El La Los Las Él Ella Ellos Ellas Yo Tú Nosotros Usted Pero Y Entonces Cuando En Un Una No Se Lo Su Al
    Nadie Nada Todo Allí Aquí Si Qué Quién Como Después`,
});

export const italian = compile({
  always: `sig sigg sig.ra sig.na Sig Sigg Dott dott Dr Prof prof Ing Avv avv On S SS Mons Rev cfr es p.es ecc.a ca`,
  names: 'Co V',
  numbers: 'n nn pag pagg p pp cap vol art fig t',
  starters: `Il La Lo I Gli Le L Egli Ella Lui Lei Essi Loro Io Tu Noi Voi Ma E Poi Allora Quando In Un Una Non Si
    Nessuno Niente Tutto Là Qui Se Che Chi Come Dopo`,
});

/** For a language without lists: what is written alike in most of Europe. */
export const international = compile({
  always: 'Mr Mrs Dr Prof St cf',
  names: '',
  numbers: 'p pp vol',
  starters: '',
});
