import type { problemParams, WordsFor } from '../words-for.ts';

export default {
  'request.invalid':
    'The request has values that cannot be used\nNothing was done. Correct what stands below.',
  'request.malformed':
    'The request cannot be read\nNothing was done. Reload the page and try again.',
  'request.aborted': 'The request did not arrive whole\nNothing of it was kept. Try again.',
  'request.unknown_route':
    'There is nothing at this address\nThe page may be older than the server. Reload it.',
  'request.too_large':
    'The file is too large\nAt most {limit_bytes} are accepted here; nothing was stored. Hand in a smaller file, or ask the operator to raise the limit.',
  'request.unsupported_media_type':
    'This kind of content is not accepted here\nNothing was stored.',
  'request.idempotency_key_reused':
    'This request was sent before, with other content\nNothing was done. Reload the page and try again.',
  'request.in_progress': 'The same request is still being answered\nWait a moment, then try again.',
  'request.rate_limited':
    'Too many requests of this kind\nAt most {limit} an hour are possible; nothing was stored. Try again in {minutes} min.',
  'request.cross_site':
    'The request comes from another site\nOpen this page at the address of the server itself.',
  'request.prefetch':
    'Loading ahead must not start work\nOpen the page once more when you mean it.',
  'server.error':
    'The server made a mistake\nIts log has the cause, under the number that stands below. Try again, or tell the operator.',
  'server.unavailable':
    'The server cannot answer at the moment\nWhat was accepted before is kept. Try again shortly.',
  'server.stopping': 'The server is stopping\nWhat it has accepted is kept. Try again shortly.',
  'server.disk_full':
    'The disk of the server is full\nNothing was stored. Its operator has to make room.',
  'disk.full': 'The disk of the server is full\nNothing was stored. Its operator has to make room.',
  'auth.required': 'Sign in first\nThis is for people who have signed in.',
  'auth.forbidden':
    'This is not allowed to you\nYour role does not include it. Ask the owner of this installation.',
  'auth.invalid_credentials':
    'E-mail or password is wrong\nNo account has this e-mail and this password.',
  'auth.too_many_attempts':
    'Too many attempts to sign in\nThe next one is possible in {minutes} min.',
  'auth.wrong_password':
    'The password is wrong\nThis is not the password of the account. Nothing was changed.',
  'auth.link_invalid':
    'The one-time link is not good any more\nIt was used, is older than a day, or was replaced by a newer one. Ask an administrator for another.',
  'auth.account_disabled':
    'The account is disabled\nThe account {email} was disabled. Ask the owner of this installation.',
  'auth.claim_invalid':
    'The one-time link is not good any more\nIt was used, is older than a day, or there is an owner already. Start the server again to get a new one.',
  'auth.token_invalid': 'The session is not good\nSign in again.',
  'auth.token_expired': 'The session has expired\nSign in again.',
  'auth.session_ended':
    'The session has ended\nIt was signed out, or the account was disabled. Sign in again.',
  'auth.refresh_invalid': 'The session has ended\nSign in again.',
  'auth.refresh_reused':
    'The session was ended for safety\nIts secret was used twice, so somebody else may have it. Sign in again.',
  'auth.ticket_invalid': 'The connection was not admitted\nReload the page.',
  'auth.key_invalid':
    'The API key is not good\nIt is unknown or was revoked, or its user is disabled.',
  'auth.registration_closed':
    'Accounts are opened by invitation alone\nAsk the owner of this installation for one.',
  'auth.invitation_invalid':
    'The invitation is not good any more\nIt was used, revoked, or has expired. Ask for another one.',
  'auth.invitation_for_another':
    'The invitation is for another address\nIt is not for {email}. Use the address that it was sent to.',
  'session.not_found': 'There is no such session\nIt may have ended already.',
  'api_key.not_found': 'There is no such API key\nIt may have been revoked already.',
  'invitation.not_found': 'There is no such invitation\nIt may have been revoked already.',
  'invitation.used': 'The invitation has been used\nDisable the user instead.',
  'user.not_found': 'There is no such user\nThe account may have been deleted.',
  'user.is_owner':
    'The owner stays the owner\nAn installation has one, whom nobody else can change, disable or delete.',
  'user.is_caller':
    'This cannot be done to your own account here\nAnother administrator can disable it; you can delete it yourself in your account, with your password.',
  'user.email_taken':
    'Somebody has this e-mail\nThere is an account with {email} already. Sign in, or ask an administrator for a new password.',
  'book.not_found':
    'There is no such book\nIt may have been deleted, or it belongs to somebody else.',
  'book.chapter_not_found':
    'The book has no such chapter\nThere is no chapter {chapter}. Choose one in the table of contents.',
  'book.deleted_meanwhile':
    'The book was deleted meanwhile\nIt was deleted while the same file came again. Hand it in once more.',
  'book.image_not_found': 'The book has no such picture\nIt may have been deleted.',
  'book.no_file': 'No file was handed in\nChoose a book and try again.',
  'book.service_page':
    'A service page has nothing to prepare\nNobody looks for descriptions in it. If it is text to read, say that it is a chapter.',
  'book.nothing_to_undo':
    'There is nothing to undo\nEverything that was changed here is undone already.',
  'book.too_many_positions':
    'No more places are kept of this book\n{limit} places are kept already, and nothing was added. What is older than a day is thinned out.',
  'novel.not_found':
    'There is no such novel\nIt may have been deleted, or it belongs to somebody else.',
  'novel.no_file': 'No PDF was handed in\nChoose a file and try again.',
  'novel.deleted_meanwhile':
    'The novel was deleted meanwhile\nIt was deleted while the same file came again. Hand it in once more.',
  'novel.not_a_novel_job':
    'The job makes nothing of this kind\nOnly jobs on novels have sentences.',
  'novel.sentence_not_found':
    'The novel has no such sentence\nThere is no sentence {sentence}. Reload the page.',
  'novel.no_model':
    'No model is configured\nAsk the operator to set up a model, or choose the rules, which need none.',
  'novel.nothing_to_redo':
    'There is nothing to do again\nNo sentence that was chosen is there and over the limit.',
  'novel.job_open':
    'The job has not ended\nWait for its end, or cancel it; what it has made stays.',
  'job.not_found':
    'There is no such job\nIt may have been deleted, or it belongs to somebody else.',
  'job.submission_taken':
    'This request was sent before, with other content\nNothing was done. Reload the page and try again.',
  'kernel.not_allowed_now':
    'The status of the job does not allow this\nIt has changed meanwhile. Look at the job as it is now.',
  'admission.quota_exceeded':
    'This would exceed your share of the storage\nYou have {left_bytes} left; nothing was stored. Delete something first.',
  'admission.too_many_jobs':
    'Too many jobs have not ended\nOpen jobs: {open}, allowed: {limit}. Wait for one to end, or cancel one.',
  'artifact.lost':
    'The file is gone from the store\nTell the operator; handing in the document again brings it back.',
  'artifact.not_found': 'There is no such file\nIts time may be over.',
  'credit.insufficient':
    'Not enough credits\nCredits needed: {needed_credits}, available: {available_credits}. Nothing was stored. Ask an administrator for more.',
  'confirmation.unknown': 'There is no such confirmation\nConfirm the document once more.',
  'confirmation.used': 'The confirmation has been used\nConfirm once more for another job.',
  'confirmation.expired':
    'The confirmation has expired\nIts credits are yours again. Confirm once more.',
  'confirmation.too_small':
    'The document is larger than its estimate\nConfirm this very document once more.',
  'work.not_quarantined':
    'There is no such work in quarantine\nSomebody may have replayed it already.',
  'client.foreign_answer':
    'Something else than the server has answered\nIt answered with status {status}, perhaps a proxy in between. Try again; if it goes on, tell the operator.',
  'client.unexpected_answer':
    'The answer is not what this page knows\nThe server was changed meanwhile. Reload the page.',
} as const satisfies WordsFor<typeof problemParams>;
