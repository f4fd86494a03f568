import type { sentenceParams, WordsFor } from '../words-for.ts';

export default {
  'llm.bad_model':
    'There is no such model at this address. The operator has to correct its name, or choose another one.',
  'llm.bad_key':
    'The provider of the model does not accept the key. The operator has to correct it.',
  'llm.no_credit':
    'The account at the provider of the model has no credit left. The operator has to add some, or choose another model.',
  'llm.bad_request':
    'The model does not accept this request. Choose another model, or report this: {said}',
  'llm.context_overflow':
    'The model cannot read even a few words at a time. Choose a model with a larger context.',
  'llm.refused': 'The model refused to work on this text. Choose another model for it.',
  'llm.bad_answer':
    'The model gave no answer that could be used. Try again, or choose another model.',
  'llm.busy': 'The provider of the model takes no calls at the moment.',
  'llm.timeout': 'The model gave no answer in time. If this goes on, choose a faster model.',
  'llm.unreachable':
    'The connection to the model failed. If this goes on, the operator has to look at the address and the network.',
  'llm.no_offline_lexicon':
    'The offline rules do not know the language of the book. A language model can read it; so can the rules if the language of the book is stated wrongly and corrected.',
  'work.failed': 'Something failed that was not foreseen: {said}',
  'work.crashed': 'Its process ended before it was done.',
  'work.quarantined':
    'It has brought down its process again and again and is set aside. An operator can let it run again.',
  'work.timed_out': 'It took longer than the time it is given.',
  'work.not_recorded': 'Its result could not be stored: {said}',
  'job.no_result': 'None of its parts has a result.',
  'job.cancelled': 'The job was cancelled before this part was done.',
  'job.soft_limit': 'The time of the job was over before this was begun.',
  'job.hard_limit': 'The time of the job was over before this was done.',
  'hook.failed':
    'What was made could not be written into the database. The log says why; retry the job once that is mended.',
  'chunk.unexplained': 'No reason was stored.',
  out_of_credit:
    'What is left of the credits held for the job may not cover this part, so it was not started.',
  'book.engine_changed': 'The server works with another model now. Retry the job.',
  'book.chapter_gone':
    'The chapter is not there any more with the text it had. Open the book again.',
  'novel.engine_changed':
    'The server does not have the chosen model any more. Start the job again with another one.',
  'novel.gone': 'The novel is not there any more with the text it had.',
  'novel.sentences_missing': 'The answer has fewer sentences than the part.',
  'text.encoding':
    '{file}: the file says that its encoding is {declared}, but it is not; read as {encoding}.',
  'text.bytes_replaced': '{file}: some bytes are not valid UTF-8 and were replaced.',
  'language.guessed':
    'The book does not name its language; by its commonest words it is {language}.',
  'language.unknown': 'The book does not name its language, and its text does not make it clear.',
  'language.contradicts_text':
    'The book says that its language is {language}, but its text is in other letters; the language is left open.',
  'mobi.text_shorter':
    'A part of the text is missing: {bytes} bytes of {expected_bytes} are there.',
  'image.too_large': 'The picture {image} is left out: it is too large ({size_bytes}).',
  'image.unreadable': 'The picture {image} is left out: it is damaged or of an unknown kind.',
  'archive.checksum': 'The file {entry} inside the book may be damaged: its checksum is wrong.',
  'container.repaired': 'The book does not say where its list of contents is; {file} is used.',
  'manifest.external': 'The book lists {address}, which is outside of it; left out.',
  'spine.missing_file': 'The book lists the file {file}, which is not in it.',
  'spine.unlisted_files': {
    one: '{count} document is in the book but not in its reading order and is left out: {example}.',
    other:
      '{count} documents are in the book but not in its reading order and are left out, such as {example}.',
  },
  'spine.fallback': 'Instead of {file}, {shown} is shown.',
  'spine.foreign_file': 'The file {file} ({type}) is no text, and nothing stands in for it.',
  'spine.unknown_item': 'The reading order names “{item}”, which is not in the book.',
  'warnings.more': 'Further remarks are not listed.',
  'outline.ignored': {
    one: 'The outline is not used: it lists {count} page, not chapters.',
    other: 'The outline is not used: it lists {count} pages, not chapters.',
  },
  'chapters.headings': {
    one: 'The PDF has no outline; {count} chapter was found by its heading.',
    other: 'The PDF has no outline; {count} chapters were found by their headings.',
  },
  'pdf.pages_without_text':
    'Only pictures, no text, on these pages: {pages}. If they are scans, what stands on them is missing here.',
  'page.marked': 'the publisher marks it as “{type}”',
  'page.called': 'the landmarks or the guide of the book call it “{type}”',
  'page.titled': 'its title is “{title}”',
  'page.file_named': 'its file is named {file}',
  'page.divider_titled': {
    one: 'its title is “{title}” and it has {count} word',
    other: 'its title is “{title}” and it has {count} words',
  },
  'page.links': {
    one: '{percent} % of it are links into the book ({count} of them)',
    other: '{percent} % of it are links into the book ({count} of them)',
  },
  'page.wording': {
    one: 'it is worded like an imprint or advert ({count} sign; length in words: {words})',
    other: 'it is worded like an imprint or advert ({count} signs; length in words: {words})',
  },
  'page.short': {
    one: 'it has only {count} word and no title of a chapter',
    other: 'it has only {count} words and no title of a chapter',
  },
  'page.short_in_front': {
    one: 'it has only {count} word and no title of a chapter, among the first pages',
    other: 'it has only {count} words and no title of a chapter, among the first pages',
  },
  'page.prologue': {
    one: 'a prologue or epilogue of {count} word is always text',
    other: 'a prologue or epilogue of {count} words is always text',
  },
  'page.nothing_against': 'nothing speaks against it being text',
  'page.only_text': 'no page of the book would be text otherwise',
  'page.corrected': 'somebody has corrected it',
  'wait.place': 'for a free place among the workers',
  'wait.time': 'for its time',
  'wait.disk': 'for room on the disk of the server',
  'wait.retry': 'for another try. The last one ended with: {error}',
  'wait.model_limit': 'the limit of {model} is reached',
  'wait.model_overloaded': '{model} is overloaded',
  'wait.budget_requests': 'the budget of {limit} requests a minute to {model} is used up',
  'wait.budget_tokens': 'the budget of {limit} tokens a minute of {model} is used up',
  'part.chapter': 'Chapter {number}: {title}',
  'part.page': 'Page {page}',
  'part.pages': 'Pages {from}–{to}',
  'step.shortening': 'shortening sentences',
  'step.describing': 'looking for descriptions',
  'note.refused': 'The model refused it.',
  'note.invented_name': 'The model invented a name: {words}.',
  'note.invented_number': 'The model invented a number: {words}.',
  'note.lost': 'The model lost a part of the content.',
  'note.other_language': 'The model answered in another language.',
  'note.not_shortened': 'The model did not shorten it.',
  'note.no_answer': 'The model gave no answer to it.',
  'note.no_rules': 'There are no offline rules for this language: {language}.',
  'field.unknown': 'there is no such field',
  'field.required': 'is missing',
  'field.wrong_kind': 'is of the wrong kind',
  'field.too_short': 'is too short; the least length is {limit}',
  'field.too_long': 'is too long; the greatest length is {limit}',
  'field.too_small': 'is too small; the least is {limit}',
  'field.too_big': 'is too large; the most is {limit}',
  'field.not_an_email': 'is no e-mail address',
  'field.unstorable': 'has characters that cannot be stored',
  'field.wrong': 'has a form that cannot be used',
} as const satisfies WordsFor<typeof sentenceParams>;
