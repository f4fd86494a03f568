import type { Translation } from '../../../i18n/index.ts';
import type en from './en.ts';

export default {
  'llm.bad_model':
    'Il n’y a pas de tel modèle à cette adresse. L’exploitant doit corriger son nom, ou en choisir un autre.',
  'llm.bad_key': 'Le fournisseur du modèle n’accepte pas la clé. L’exploitant doit la corriger.',
  'llm.no_credit':
    'Le compte chez le fournisseur du modèle n’a plus de crédit. L’exploitant doit en ajouter, ou choisir un autre modèle.',
  'llm.bad_request':
    'Le modèle n’accepte pas cette demande. Choisissez un autre modèle, ou signalez ceci : {said}',
  'llm.context_overflow':
    'Le modèle ne peut même pas lire quelques mots à la fois. Choisissez un modèle dont le contexte est plus grand.',
  'llm.refused': 'Le modèle a refusé de travailler sur ce texte. Choisissez-en un autre.',
  'llm.bad_answer':
    'Le modèle n’a donné aucune réponse utilisable. Réessayez, ou choisissez un autre modèle.',
  'llm.busy': 'Le fournisseur du modèle n’accepte pas d’appels pour le moment.',
  'llm.timeout':
    'Le modèle n’a pas répondu à temps. Si cela dure, choisissez un modèle plus rapide.',
  'llm.unreachable':
    'La connexion au modèle a échoué. Si cela dure, l’exploitant doit vérifier l’adresse et le réseau.',
  'llm.no_offline_lexicon':
    'Les règles hors ligne ne connaissent pas la langue du livre. Un modèle de langue peut le lire ; les règles aussi, si la langue indiquée est fausse et qu’on la corrige.',
  'work.failed': 'Quelque chose d’imprévu a échoué : {said}',
  'work.crashed': 'Son processus s’est arrêté avant la fin.',
  'work.quarantined':
    'Elle a fait tomber son processus à plusieurs reprises et est mise de côté. Un exploitant peut la relancer.',
  'work.timed_out': 'Elle a pris plus de temps qu’elle n’en a.',
  'work.not_recorded': 'Son résultat n’a pas pu être enregistré : {said}',
  'job.no_result': 'Aucune de ses parties n’a de résultat.',
  'job.cancelled': 'La tâche a été arrêtée avant que cette partie soit faite.',
  'job.soft_limit': 'Le temps de la tâche était passé avant que ceci commence.',
  'job.hard_limit': 'Le temps de la tâche était passé avant que ceci soit fait.',
  'hook.failed':
    'Ce qui a été fait n’a pas pu être écrit dans la base de données. Le journal dit pourquoi ; relancez la tâche quand ce sera réparé.',
  'chunk.unexplained': 'Aucune raison n’a été enregistrée.',
  out_of_credit:
    'Ce qui reste des crédits retenus pour la tâche ne suffit peut-être pas à cette partie ; elle n’a pas été commencée.',
  'book.engine_changed': 'Le serveur travaille maintenant avec un autre modèle. Relancez la tâche.',
  'book.chapter_gone':
    'Le chapitre n’est plus là avec le texte qu’il avait. Ouvrez de nouveau le livre.',
  'novel.engine_changed': 'Le serveur n’a plus le modèle choisi. Relancez la tâche avec un autre.',
  'novel.gone': 'Le roman n’est plus là avec le texte qu’il avait.',
  'novel.sentences_missing': 'La réponse a moins de phrases que la partie.',
  'text.encoding':
    '{file} : le fichier dit que son codage est {declared}, mais ce n’est pas le cas ; lu comme {encoding}.',
  'text.bytes_replaced':
    '{file} : quelques octets ne sont pas de l’UTF-8 valide et ont été remplacés.',
  'language.guessed':
    'Le livre ne nomme pas sa langue ; d’après ses mots les plus fréquents, c’est : {language}.',
  'language.unknown': 'Le livre ne nomme pas sa langue, et son texte ne la fait pas reconnaître.',
  'language.contradicts_text':
    'Langue indiquée par le livre : {language}. Mais son texte est en d’autres lettres ; la langue est laissée ouverte.',
  'mobi.text_shorter': 'Une partie du texte manque : il y a {bytes} octets sur {expected_bytes}.',
  'image.too_large': 'L’image {image} est laissée de côté : trop grande ({size_bytes}).',
  'image.unreadable': 'L’image {image} est laissée de côté : abîmée ou d’un genre inconnu.',
  'archive.checksum':
    'Le fichier {entry} du livre est peut-être abîmé : sa somme de contrôle est fausse.',
  'container.repaired': 'Le livre ne dit pas où est sa liste de contenus ; {file} est utilisé.',
  'manifest.external': 'Le livre mentionne {address}, qui est hors de lui ; laissé de côté.',
  'spine.missing_file': 'Le livre mentionne le fichier {file}, qui n’y est pas.',
  'spine.unlisted_files': {
    one: '{count} document est dans le livre mais pas dans son ordre de lecture et est laissé de côté : {example}.',
    other:
      '{count} documents sont dans le livre mais pas dans son ordre de lecture et sont laissés de côté, par exemple {example}.',
  },
  'spine.fallback': 'Au lieu de {file}, c’est {shown} qui est montré.',
  'spine.foreign_file': 'Le fichier {file} ({type}) n’est pas du texte, et rien ne le remplace.',
  'spine.unknown_item': 'L’ordre de lecture nomme « {item} », qui n’est pas dans le livre.',
  'warnings.more': 'D’autres remarques ne sont pas listées.',
  'outline.ignored': {
    one: 'Le plan n’est pas utilisé : il liste {count} page, pas des chapitres.',
    other: 'Le plan n’est pas utilisé : il liste {count} pages, pas des chapitres.',
  },
  'chapters.headings': {
    one: 'Le PDF n’a pas de plan ; {count} chapitre a été trouvé par son titre.',
    other: 'Le PDF n’a pas de plan ; {count} chapitres ont été trouvés par leurs titres.',
  },
  'pdf.pages_without_text':
    'Seulement des images, pas de texte, sur ces pages : {pages}. Si ce sont des numérisations, ce qui y est écrit manque ici.',
  'page.marked': 'l’éditeur la marque comme « {type} »',
  'page.called': 'les repères ou le guide du livre l’appellent « {type} »',
  'page.titled': 'son titre est « {title} »',
  'page.file_named': 'son fichier s’appelle {file}',
  'page.divider_titled': {
    one: 'son titre est « {title} » et elle a {count} mot',
    other: 'son titre est « {title} » et elle a {count} mots',
  },
  'page.links': {
    one: '{percent} % d’elle sont des liens dans le livre ({count} lien)',
    other: '{percent} % d’elle sont des liens dans le livre ({count} liens)',
  },
  'page.wording': {
    one: 'elle est rédigée comme des mentions légales ou une publicité ({count} signe ; longueur en mots : {words})',
    other:
      'elle est rédigée comme des mentions légales ou une publicité ({count} signes ; longueur en mots : {words})',
  },
  'page.short': {
    one: 'elle n’a que {count} mot et pas de titre de chapitre',
    other: 'elle n’a que {count} mots et pas de titre de chapitre',
  },
  'page.short_in_front': {
    one: 'elle n’a que {count} mot et pas de titre de chapitre, parmi les premières pages',
    other: 'elle n’a que {count} mots et pas de titre de chapitre, parmi les premières pages',
  },
  'page.prologue': {
    one: 'un prologue ou épilogue de {count} mot est toujours du texte',
    other: 'un prologue ou épilogue de {count} mots est toujours du texte',
  },
  'page.nothing_against': 'rien n’indique que ce ne soit pas du texte',
  'page.only_text': 'sinon aucune page du livre ne serait du texte',
  'page.corrected': 'quelqu’un l’a corrigé',
  'wait.place': 'd’une place libre chez les exécutants',
  'wait.time': 'de son heure',
  'wait.disk': 'de place sur le disque du serveur',
  'wait.retry': 'd’un nouvel essai. Le dernier s’est terminé par : {error}',
  'wait.model_limit': 'la limite de {model} est atteinte',
  'wait.model_overloaded': '{model} est surchargé',
  'wait.budget_requests': 'le budget de {limit} demandes par minute à {model} est épuisé',
  'wait.budget_tokens': 'le budget de {limit} jetons par minute de {model} est épuisé',
  'part.chapter': 'Chapitre {number} : {title}',
  'part.page': 'Page {page}',
  'part.pages': 'Pages {from}–{to}',
  'step.shortening': 'raccourcit des phrases',
  'step.describing': 'cherche des descriptions',
  'note.refused': 'Le modèle l’a refusée.',
  'note.invented_name': 'Le modèle a inventé un nom : {words}.',
  'note.invented_number': 'Le modèle a inventé un nombre : {words}.',
  'note.lost': 'Le modèle a perdu une partie du contenu.',
  'note.other_language': 'Le modèle a répondu dans une autre langue.',
  'note.not_shortened': 'Le modèle ne l’a pas raccourcie.',
  'note.no_answer': 'Le modèle n’y a pas répondu.',
  'note.no_rules': 'Il n’y a pas de règles hors ligne pour cette langue : {language}.',
  'field.unknown': 'ce champ n’existe pas',
  'field.required': 'manque',
  'field.wrong_kind': 'n’est pas du bon genre',
  'field.too_short': 'est trop court ; longueur minimale : {limit}',
  'field.too_long': 'est trop long ; longueur maximale : {limit}',
  'field.too_small': 'est trop petit ; minimum : {limit}',
  'field.too_big': 'est trop grand ; maximum : {limit}',
  'field.not_an_email': 'n’est pas une adresse e-mail',
  'field.unstorable': 'a des caractères qui ne peuvent pas être enregistrés',
  'field.wrong': 'a une forme inutilisable',
} satisfies Translation<typeof en, 'fr'>;
