import type { Coded, Params } from '@scriptorium/contract';

/** A form of sentences: the names of its groups are the names of the values. */
interface Form {
  readonly code: string;
  readonly pattern: RegExp;
}

/** Values of these names are numbers. */
const NUMBERS = new Set(['number', 'page', 'from', 'to', 'limit']);

/**
 * Words that are written where no codes are known: by the kernel, which speaks to operators of any pipeline, and by the models' package.
 * They are stored as text, so they are told apart where they leave the server. What is not among them is shown as it is.
 */
const WAITS: readonly Form[] = [
  { code: 'wait.place', pattern: /^a free place$/u },
  { code: 'wait.time', pattern: /^its time$/u },
  { code: 'wait.disk', pattern: /^room on the disk$/u },
  {
    code: 'wait.retry',
    pattern: /^another try after(?: (?<why>[\w.]+))?: (?<error>.*)$/su,
  },
  {
    code: 'wait.model_limit',
    pattern: /^(?<model>.+) has reached its limit; next try in \d+ s\.$/u,
  },
  {
    code: 'wait.model_overloaded',
    pattern: /^(?<model>.+) is overloaded; next try in \d+ s\.$/u,
  },
  {
    code: 'wait.budget_requests',
    pattern:
      /^No call is made now: (?<model>.+)'s budget of (?<limit>\d+) requests a minute; next/u,
  },
  {
    code: 'wait.budget_tokens',
    pattern: /^No call is made now: (?<model>.+)'s budget of (?<limit>\d+) tokens a minute; next/u,
  },
];

const PARTS: readonly Form[] = [
  { code: 'part.chapter', pattern: /^Chapter (?<number>\d+): (?<title>.*)$/su },
  { code: 'part.page', pattern: /^Page (?<page>\d+)$/u },
  { code: 'part.pages', pattern: /^Pages (?<from>\d+)–(?<to>\d+)$/u },
];

const STEPS: readonly Form[] = [
  { code: 'step.shortening', pattern: /^Shortening sentences$/u },
  { code: 'step.describing', pattern: /^Looking for descriptions$/u },
];

const NOTES: readonly Form[] = [
  { code: 'note.refused', pattern: /^refused by the model$/u },
  { code: 'note.invented_name', pattern: /^invented name: (?<words>.*)$/su },
  { code: 'note.invented_number', pattern: /^invented number: (?<words>.*)$/su },
  { code: 'note.lost', pattern: /^content lost$/u },
  { code: 'note.other_language', pattern: /^answered in another language$/u },
  { code: 'note.not_shortened', pattern: /^not shortened by the model$/u },
  { code: 'note.no_answer', pattern: /^no answer$/u },
  { code: 'note.no_rules', pattern: /^no offline rules for "(?<language>.*)"$/u },
];

/** Which sentence this is, for programs; undefined for one that is not known. */
export const codeOfWait = (reason: string) => recognise(WAITS, reason);
export const codeOfPart = (label: string) => recognise(PARTS, label);
export const codeOfStep = (step: string) => recognise(STEPS, step);
export const codeOfNote = (note: string) => recognise(NOTES, note);

function recognise(forms: readonly Form[], sentence: string): Coded | undefined {
  for (const { code, pattern } of forms) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    const params: Params = {};
    for (const [name, value] of Object.entries<string | undefined>(found.groups ?? {})) {
      if (value !== undefined) params[name] = NUMBERS.has(name) ? Number(value) : value;
    }
    return Object.keys(params).length === 0 ? { code } : { code, params };
  }
  return undefined;
}
