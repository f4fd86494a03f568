import type { Translation } from '../../../i18n/index.ts';
import type en from './en.ts';

export default {
  'document.unreadable_in_time':
    'La lecture du fichier a pris trop de temps\nIl n’a pas pu être lu en {seconds} s ; rien n’a été enregistré. Divisez-le, ou envoyez-en un plus petit.',
  'document.unreadable_in_memory':
    'La lecture du fichier a pris trop de mémoire\nRien n’a été enregistré. Divisez-le, ou envoyez-en un plus petit.',
  'document.empty':
    'Le fichier est vide\nIl ne contient ni texte ni images. Choisissez un autre fichier.',
  'document.unsupported_format':
    'Ce genre de fichier ne se lit pas ici\nLes livres se lisent en EPUB, FB2, MOBI (version 6) et texte brut. Convertissez-le en EPUB, par exemple avec calibre.',
  'document.too_large':
    'Le fichier est trop grand\n{limit_bytes} au plus sont acceptés. Enlevez-en des images ou envoyez-le par volumes.',
  'document.damaged_archive':
    'Le fichier est abîmé ou incomplet\nTéléchargez-le ou copiez-le encore une fois et renvoyez-le.',
  'document.zip_bomb':
    'L’archive se déploie en plus que n’en a un livre honnête\nSi le livre est honnête, enlevez-en des images ou du son et refaites l’archive.',
  'document.too_many_entries':
    'L’archive a trop de fichiers\nFichiers : {entries}, acceptés : {limit}.',
  'document.entry_too_large':
    'Un fichier de l’archive est trop grand\nEnlevez {entry} de l’archive ou rendez-le plus petit.',
  'document.unsafe_path':
    'Un nom de l’archive désigne un lieu hors d’elle\nC’est {name}. Aucun livre honnête ne fait cela ; ne l’ouvrez pas non plus avec d’autres programmes.',
  'document.protected':
    'Le fichier est protégé contre la copie\nSon texte ne peut pas être lu. Envoyez une copie sans protection.',
  'document.too_many_fb2':
    'L’archive contient plusieurs livres\nLivres FB2 : {books}. Sortez-les de l’archive et envoyez-les un par un.',
  'document.damaged_package':
    'L’EPUB est abîmé\nSa liste de contenus manque ou est illisible. Ouvrez-le avec un autre programme, comme calibre, et enregistrez-le de nouveau en EPUB.',
  'document.damaged_fb2':
    'Le fichier FB2 ne contient pas de livre\nVérifiez-le dans un programme de lecture et renvoyez-le.',
  'document.too_deep':
    'Le livre est emboîté trop profondément\nAu-delà de {limit} niveaux, rien n’est lu. Convertissez-le avec un autre programme, comme calibre.',
  'document.entities':
    'Le fichier est fait d’une manière qui nuit à ceux qui le lisent\nS’il vient d’un lieu sûr, convertissez-le avec calibre et envoyez le résultat.',
  'document.too_complex':
    'Le livre est trop complexe\nIl a plus de {limit} éléments ou lignes. Convertissez-le avec un autre programme, comme calibre, ou envoyez-le par volumes.',
  'document.too_much_text': 'Le livre a trop de texte\nEnvoyez-le par volumes.',
  'document.too_many_toc_entries':
    'La table des matières est trop longue\n{limit} entrées au plus sont acceptées. Envoyez le livre par volumes.',
  'document.too_many_chapters':
    'Le livre a trop de chapitres\nChapitres : {chapters}, acceptés : {limit}. Envoyez-le par volumes.',
  'document.chapter_too_large':
    'Un chapitre a trop de texte\nCaractères : {characters}, acceptés : {limit}. Donnez au livre des titres ou une table des matières, pour qu’il puisse être divisé.',
  'document.not_a_pdf':
    'Ce n’est pas un PDF\nUn nom qui finit par .pdf n’en fait pas un : exportez ou imprimez le document en PDF.',
  'document.damaged_pdf':
    'Le PDF est abîmé\nReprenez-le d’où il vient, ou ouvrez-le dans un lecteur de PDF, imprimez-le en un nouveau PDF et envoyez celui-ci.',
  'document.password_required':
    'Le PDF demande un mot de passe\nEnvoyez le mot de passe avec le fichier.',
  'document.wrong_password':
    'Le mot de passe n’ouvre pas ce PDF\nAttention aux majuscules et à la disposition du clavier ; réessayez.',
  'document.no_text_layer':
    'Le PDF ne contient pas de texte\nSes pages sont des images ou sont vides. Pages en tout : {pages}, sans texte : {textless}. Passez-le à la reconnaissance de texte (OCR), par exemple avec OCRmyPDF, et envoyez le résultat.',
  'document.no_pages':
    'Le PDF n’a pas de pages\nExportez le document encore une fois et envoyez le résultat.',
  'document.too_many_pages':
    'Le PDF a trop de pages\nPages : {pages}, acceptées : {limit}. Envoyez-le par volumes.',
  'document.page_too_large':
    'Une page du PDF a trop de texte\nCaractères de la page {page} : {characters}, acceptés : {limit}. Enlevez cette page, ou imprimez le document en un nouveau PDF.',
  'document.page_too_slow':
    'Une page du PDF est trop longue à lire\nC’est la page {page}. Enlevez-la, ou imprimez le document en un nouveau PDF.',
  'document.too_much_memory':
    'La lecture du PDF prend trop de mémoire\nEnlevez-en des images ou envoyez-le en plusieurs parties.',
} satisfies Translation<typeof en, 'fr'>;
