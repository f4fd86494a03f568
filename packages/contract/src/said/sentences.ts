import type { ParamNames } from './param-names.ts';

/** Why a part or a job has failed, or was left out. What is declared for problem documents may be a reason as well. */
export const failureParams = {
  'llm.bad_model': [],
  'llm.bad_key': [],
  'llm.no_credit': [],
  'llm.bad_request': [],
  'llm.context_overflow': [],
  'llm.refused': [],
  'llm.bad_answer': [],
  'llm.busy': [],
  'llm.timeout': [],
  'llm.unreachable': [],
  'llm.no_offline_lexicon': [],
  'work.failed': [],
  'work.crashed': [],
  'work.quarantined': [],
  'work.timed_out': [],
  'work.not_recorded': [],
  'job.no_result': [],
  'job.cancelled': [],
  'job.soft_limit': [],
  'job.hard_limit': [],
  'hook.failed': [],
  'chunk.unexplained': [],
  out_of_credit: [],
  'book.engine_changed': [],
  'book.chapter_gone': [],
  'novel.engine_changed': [],
  'novel.gone': [],
  'novel.sentences_missing': [],
} as const satisfies ParamNames;

/**
 * What was repaired, guessed or left out while a file was read. Beside these there is `toc.source`, which says in words what
 * `toc_source` says in a word.
 */
export const warningParams = {
  'text.encoding': ['file', 'declared', 'encoding'],
  'text.bytes_replaced': ['file'],
  'language.guessed': ['language'],
  'language.unknown': [],
  'language.contradicts_text': ['language'],
  'mobi.text_shorter': ['bytes', 'expected_bytes'],
  'image.too_large': ['image', 'size_bytes'],
  'image.unreadable': ['image'],
  'archive.checksum': ['entry'],
  'container.repaired': ['file'],
  'manifest.external': ['address'],
  'spine.missing_file': ['file'],
  'spine.unlisted_files': ['count', 'example'],
  'spine.fallback': ['file', 'shown'],
  'spine.foreign_file': ['file', 'type'],
  'spine.unknown_item': ['item'],
  'warnings.more': [],
  'outline.ignored': ['count'],
  'chapters.headings': ['count'],
  'pdf.pages_without_text': ['pages'],
} as const satisfies ParamNames;

/** Why a page is taken for what it is taken for. */
export const pageReasonParams = {
  'page.marked': ['type'],
  'page.called': ['type'],
  'page.titled': ['title'],
  'page.file_named': ['file'],
  'page.divider_titled': ['title', 'count'],
  'page.links': ['percent', 'count'],
  'page.wording': ['count', 'words'],
  'page.short': ['count'],
  'page.short_in_front': ['count'],
  'page.prologue': ['count'],
  'page.nothing_against': [],
  'page.only_text': [],
  'page.corrected': [],
} as const satisfies ParamNames;

/** What a job waits for. `why` of another try is a code of {@link failureParams}, where there is one. */
export const waitParams = {
  'wait.place': [],
  'wait.time': [],
  'wait.disk': [],
  'wait.retry': ['why', 'error'],
  'wait.model_limit': ['model'],
  'wait.model_overloaded': ['model'],
  'wait.budget_requests': ['model', 'limit'],
  'wait.budget_tokens': ['model', 'limit'],
} as const satisfies ParamNames;

/** Names of a job's parts, what a part does, and what is remarkable about a sentence that was to be shortened. */
export const partParams = {
  'part.chapter': ['number', 'title'],
  'part.page': ['page'],
  'part.pages': ['from', 'to'],
  'step.shortening': [],
  'step.describing': [],
  'note.refused': [],
  'note.invented_name': ['words'],
  'note.invented_number': ['words'],
  'note.lost': [],
  'note.other_language': [],
  'note.not_shortened': [],
  'note.no_answer': [],
  'note.no_rules': ['language'],
} as const satisfies ParamNames;

/** What is wrong with one value of a request. */
export const mistakeParams = {
  'field.unknown': [],
  'field.required': [],
  'field.wrong_kind': [],
  'field.too_short': ['limit'],
  'field.too_long': ['limit'],
  'field.too_small': ['limit'],
  'field.too_big': ['limit'],
  'field.not_an_email': [],
  'field.unstorable': [],
  'field.wrong': [],
} as const satisfies ParamNames;
