import type { Translation } from '../../../i18n/index.ts';
import type en from './en.ts';

export default {
  'request.invalid':
    'La demande contient des valeurs inutilisables\nRien n’a été fait. Corrigez ce qui est écrit ci-dessous.',
  'request.malformed':
    'La demande est illisible\nRien n’a été fait. Rechargez la page et réessayez.',
  'request.aborted': 'La demande n’est pas arrivée entière\nRien n’en a été gardé. Réessayez.',
  'request.unknown_route':
    'Il n’y a rien à cette adresse\nLa page est peut-être plus ancienne que le serveur. Rechargez-la.',
  'request.too_large':
    'Le fichier est trop grand\n{limit_bytes} au plus sont acceptés ici ; rien n’a été enregistré. Envoyez un fichier plus petit, ou demandez à l’exploitant de relever la limite.',
  'request.unsupported_media_type':
    'Ce genre de contenu n’est pas accepté ici\nRien n’a été enregistré.',
  'request.idempotency_key_reused':
    'Cette demande a déjà été envoyée, avec un autre contenu\nRien n’a été fait. Rechargez la page et réessayez.',
  'request.in_progress':
    'La même demande est encore en cours\nAttendez un instant, puis réessayez.',
  'request.rate_limited':
    'Trop de demandes de ce genre\n{limit} par heure au plus sont possibles ; rien n’a été enregistré. Réessayez dans {minutes} min.',
  'request.cross_site':
    'La demande vient d’un autre site\nOuvrez cette page à l’adresse du serveur lui-même.',
  'request.prefetch':
    'Un préchargement ne doit pas lancer de travail\nOuvrez la page de nouveau quand vous le voulez vraiment.',
  'server.error':
    'Le serveur a commis une erreur\nSon journal en a la cause, sous le numéro écrit ci-dessous. Réessayez, ou prévenez l’exploitant.',
  'server.unavailable':
    'Le serveur ne peut pas répondre pour le moment\nCe qui a été accepté est conservé. Réessayez bientôt.',
  'server.stopping': 'Le serveur s’arrête\nCe qu’il a accepté est conservé. Réessayez bientôt.',
  'server.disk_full':
    'Le disque du serveur est plein\nRien n’a été enregistré. L’exploitant doit faire de la place.',
  'disk.full':
    'Le disque du serveur est plein\nRien n’a été enregistré. L’exploitant doit faire de la place.',
  'auth.required': 'Connectez-vous d’abord\nCeci est réservé aux personnes connectées.',
  'auth.forbidden':
    'Cela ne vous est pas permis\nVotre rôle ne le comprend pas. Demandez au propriétaire de cette installation.',
  'auth.invalid_credentials':
    'L’e-mail ou le mot de passe est faux\nAucun compte n’a cet e-mail et ce mot de passe.',
  'auth.too_many_attempts':
    'Trop d’essais de connexion\nLe prochain est possible dans {minutes} min.',
  'auth.wrong_password':
    'Le mot de passe est faux\nCe n’est pas celui du compte. Rien n’a été changé.',
  'auth.link_invalid':
    'Le lien à usage unique n’est plus bon\nIl a servi, a plus d’un jour, ou a été remplacé par un autre. Demandez-en un nouveau à un administrateur.',
  'auth.account_disabled':
    'Le compte est désactivé\nLe compte {email} a été désactivé. Demandez au propriétaire de cette installation.',
  'auth.claim_invalid':
    'Le lien à usage unique n’est plus bon\nIl a servi, a plus d’un jour, ou il y a déjà un propriétaire. Redémarrez le serveur pour en obtenir un autre.',
  'auth.token_invalid': 'La session n’est pas bonne\nConnectez-vous de nouveau.',
  'auth.token_expired': 'La session a expiré\nConnectez-vous de nouveau.',
  'auth.session_ended':
    'La session est terminée\nElle a été fermée, ou le compte a été désactivé. Connectez-vous de nouveau.',
  'auth.refresh_invalid': 'La session est terminée\nConnectez-vous de nouveau.',
  'auth.refresh_reused':
    'La session a été terminée par sécurité\nSon secret a servi deux fois : quelqu’un d’autre l’a peut-être. Connectez-vous de nouveau.',
  'auth.ticket_invalid': 'La connexion n’a pas été admise\nRechargez la page.',
  'auth.key_invalid':
    'La clé d’API n’est pas bonne\nElle est inconnue ou révoquée, ou son utilisateur est désactivé.',
  'auth.registration_closed':
    'Les comptes ne s’ouvrent que sur invitation\nDemandez-en une au propriétaire de cette installation.',
  'auth.invitation_invalid':
    'L’invitation n’est plus bonne\nElle a servi, a été révoquée ou a expiré. Demandez-en une autre.',
  'auth.invitation_for_another':
    'L’invitation est pour une autre adresse\nElle n’est pas pour {email}. Prenez l’adresse à laquelle elle a été envoyée.',
  'session.not_found': 'Cette session n’existe pas\nElle est peut-être déjà terminée.',
  'api_key.not_found': 'Cette clé d’API n’existe pas\nElle est peut-être déjà révoquée.',
  'invitation.not_found': 'Cette invitation n’existe pas\nElle est peut-être déjà révoquée.',
  'invitation.used': 'L’invitation a servi\nDésactivez plutôt l’utilisateur.',
  'user.not_found': 'Cet utilisateur n’existe pas\nLe compte a peut-être été supprimé.',
  'user.is_owner':
    'Le propriétaire reste le propriétaire\nUne installation en a un, que personne d’autre ne peut changer, désactiver ni supprimer.',
  'user.is_caller':
    'Cela ne se fait pas ici pour son propre compte\nUn autre administrateur peut le désactiver ; vous pouvez le supprimer vous-même dans votre compte, avec votre mot de passe.',
  'user.email_taken':
    'Quelqu’un a cet e-mail\nIl y a déjà un compte avec {email}. Connectez-vous, ou demandez un nouveau mot de passe à un administrateur.',
  'book.not_found':
    'Ce livre n’existe pas\nIl a peut-être été supprimé, ou il est à quelqu’un d’autre.',
  'book.chapter_not_found':
    'Le livre n’a pas ce chapitre\nIl n’y a pas de chapitre {chapter}. Choisissez-en un dans la table des matières.',
  'book.deleted_meanwhile':
    'Le livre a été supprimé entre-temps\nIl a été supprimé pendant que le même fichier revenait. Envoyez-le encore une fois.',
  'book.image_not_found': 'Le livre n’a pas cette image\nElle a peut-être été supprimée.',
  'book.no_file': 'Aucun fichier n’a été envoyé\nChoisissez un livre et réessayez.',
  'book.service_page':
    'Une page de service n’a rien à préparer\nPersonne n’y cherche de descriptions. Si c’est du texte à lire, dites que c’est un chapitre.',
  'book.nothing_to_undo': 'Il n’y a rien à annuler\nTout ce qui a été changé ici est déjà annulé.',
  'book.too_many_positions':
    'Ce livre ne garde plus d’autres places\n{limit} places sont gardées déjà, et rien n’a été ajouté. Celles de plus d’un jour sont peu à peu enlevées.',
  'novel.not_found':
    'Ce roman n’existe pas\nIl a peut-être été supprimé, ou il est à quelqu’un d’autre.',
  'novel.no_file': 'Aucun PDF n’a été envoyé\nChoisissez un fichier et réessayez.',
  'novel.deleted_meanwhile':
    'Le roman a été supprimé entre-temps\nIl a été supprimé pendant que le même fichier revenait. Envoyez-le encore une fois.',
  'novel.not_a_novel_job':
    'Cette tâche ne fait rien de tel\nSeules les tâches sur des romans ont des phrases.',
  'novel.sentence_not_found':
    'Le roman n’a pas cette phrase\nIl n’y a pas de phrase {sentence}. Rechargez la page.',
  'novel.no_model':
    'Aucun modèle n’est configuré\nDemandez à l’exploitant d’en configurer un, ou choisissez les règles, qui n’en ont pas besoin.',
  'novel.nothing_to_redo':
    'Il n’y a rien à refaire\nAucune des phrases choisies n’est là et au-dessus de la limite.',
  'novel.job_open':
    'La tâche n’est pas terminée\nAttendez sa fin, ou arrêtez-la ; ce qu’elle a fait reste.',
  'job.not_found':
    'Cette tâche n’existe pas\nElle a peut-être été supprimée, ou elle est à quelqu’un d’autre.',
  'job.submission_taken':
    'Cette demande a déjà été envoyée, avec un autre contenu\nRien n’a été fait. Rechargez la page et réessayez.',
  'kernel.not_allowed_now':
    'L’état de la tâche ne le permet pas\nIl a changé entre-temps. Regardez la tâche telle qu’elle est maintenant.',
  'admission.quota_exceeded':
    'Cela dépasserait votre part du stockage\nIl vous reste {left_bytes} ; rien n’a été enregistré. Supprimez d’abord quelque chose.',
  'admission.too_many_jobs':
    'Trop de tâches ne sont pas terminées\nTâches ouvertes : {open}, permises : {limit}. Attendez la fin d’une tâche, ou arrêtez-en une.',
  'artifact.lost':
    'Le fichier a disparu du stockage\nPrévenez l’exploitant ; envoyer de nouveau le document le ramène.',
  'artifact.not_found': 'Ce fichier n’existe pas\nSon temps est peut-être passé.',
  'credit.insufficient':
    'Pas assez de crédits\nCrédits nécessaires : {needed_credits}, disponibles : {available_credits}. Rien n’a été enregistré. Demandez-en à un administrateur.',
  'confirmation.unknown': 'Cette confirmation n’existe pas\nConfirmez le document encore une fois.',
  'confirmation.used': 'La confirmation a servi\nConfirmez de nouveau pour une autre tâche.',
  'confirmation.expired':
    'La confirmation a expiré\nSes crédits vous sont rendus. Confirmez encore une fois.',
  'confirmation.too_small':
    'Le document est plus grand que son estimation\nConfirmez encore une fois ce document-ci.',
  'work.not_quarantined':
    'Ce travail n’est pas en quarantaine\nQuelqu’un l’a peut-être déjà relancé.',
  'client.foreign_answer':
    'Autre chose que le serveur a répondu\nLa réponse a l’état {status} ; peut-être vient-elle d’un intermédiaire. Réessayez ; si cela dure, prévenez l’exploitant.',
  'client.unexpected_answer':
    'La réponse n’est pas de celles que cette page connaît\nLe serveur a changé entre-temps. Rechargez la page.',
} satisfies Translation<typeof en, 'fr'>;
