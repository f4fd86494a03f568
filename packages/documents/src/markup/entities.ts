import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';

/** The parts of an internal subset (XML 1.0, section 2.8) in which a bracket or a quote means nothing, its declarations, and its end. */
const SUBSET =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!ENTITY\s+(?<parameter>%\s+)?(?<name>[^\s"'<>%&;]+)\s+(?<value>"[^"]*(?:"|$)|'[^']*(?:'|$))|"[^"]*(?:"|$)|'[^']*(?:'|$)|\]/gi;

const REFERENCE = /(?<kind>[&%])(?<name>[^\s"'<>%&;#]+);/g;

/** Parameter entities have names of their own. */
interface Entities {
  readonly general: ReadonlyMap<string, string>;
  readonly parameter: ReadonlyMap<string, string>;
}

/** What an entity stands for: so many characters, nested so deep. */
interface Measure {
  readonly size: number;
  readonly depth: number;
}

/**
 * Refuses a document whose entities contain themselves or each other so often that they stand for more text than any entity of an
 * honest book ("billion laughs"). Nothing here expands an entity of a DTD, so such a file harms nobody now; it is refused
 * because it was made to harm, and what is kept of it is handed on to programs that do expand.
 *
 * Entities from elsewhere (`SYSTEM`, `PUBLIC`) are never loaded and count as empty.
 *
 * @throws DocumentError `document.entities`
 */
export function checkEntities(source: string, limits: Limits): void {
  const subset = startOfSubset(source);
  if (subset === undefined) return;
  const entities = declaredIn(source, subset);
  const known = new Map<string, Measure>();
  const measure = (key: string, text: string, path: readonly string[]): Measure => {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (path.includes(key)) throw refusal(key, 'contains itself', limits);
    let size = text.length;
    let depth = 1;
    for (const { groups } of text.matchAll(REFERENCE)) {
      const { kind = '', name = '' } = groups ?? {};
      const value = (kind === '%' ? entities.parameter : entities.general).get(name);
      if (value === undefined) continue;
      // Before the descent, or a long chain would overflow the stack.
      if (path.length >= limits.entityDepth) throw tooDeep(key, limits);
      const inner = measure(`${kind}${name}`, value, [...path, key]);
      size += inner.size;
      depth = Math.max(depth, inner.depth + 1);
      if (size > limits.entityCharacters) break;
    }
    if (depth > limits.entityDepth) throw tooDeep(key, limits);
    if (size > limits.entityCharacters) {
      throw refusal(key, `stands for more than ${limits.entityCharacters} characters`, limits);
    }
    known.set(key, { size, depth });
    return { size, depth };
  };
  for (const [name, value] of entities.parameter) measure(`%${name}`, value, []);
  for (const [name, value] of entities.general) measure(`&${name}`, value, []);
}

/** Where the declarations inside of a document's `<!DOCTYPE … [` begin. By hand: an expression would begin anew at every `<!DOCTYPE`. */
function startOfSubset(source: string): number | undefined {
  const doctype = source.search(/<!DOCTYPE\s/i);
  if (doctype === -1) return undefined;
  for (let at = doctype; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '[') return at + 1;
    if (character === '>') return undefined;
    if (character !== '"' && character !== "'") continue;
    at = source.indexOf(character, at + 1);
    if (at === -1) return undefined;
  }
  return undefined;
}

/** The first declaration of a name counts (XML 1.0, section 4.2). */
function declaredIn(source: string, start: number): Entities {
  const general = new Map<string, string>();
  const parameter = new Map<string, string>();
  SUBSET.lastIndex = start;
  for (;;) {
    const found = SUBSET.exec(source);
    if (found === null || found[0] === ']') return { general, parameter };
    const { name, value, parameter: isParameter } = found.groups ?? {};
    if (name === undefined || value === undefined) continue;
    const declared = isParameter === undefined ? general : parameter;
    if (!declared.has(name)) declared.set(name, value.slice(1, -1));
  }
}

function tooDeep(key: string, limits: Limits): DocumentError {
  return refusal(key, `is nested more than ${limits.entityDepth} deep`, limits);
}

function refusal(key: string, what: string, limits: Limits): DocumentError {
  const name = `${key.slice(0, 40)};`;
  return new DocumentError(
    'document.entities',
    `The entity ${name} of the document ${what}, as in files that are made to harm their readers. ` +
      'If the file comes from where you trust, convert it with calibre and send the result.',
    { entity: name, characters: limits.entityCharacters, depth: limits.entityDepth },
  );
}
