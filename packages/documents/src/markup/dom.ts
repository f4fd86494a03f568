/**
 * The tree that markup is parsed into: no more than the readers of the formats need, so that a book takes half the memory and time
 * it would take in a general DOM. Depth is bounded by the parser, so recursion is safe here.
 */
export interface Element {
  /** As written, in HTML in lower case; empty for the document itself. */
  readonly name: string;
  /** The name in lower case and without its prefix, since `opf:metadata`, `html:p` and `svg:image` all occur. */
  local: string;
  attribs: Record<string, string>;
  /** Text between two tags is one string. */
  children: readonly Node[];
  readonly parent: Element | null;
  /** Index among the children of its parent, as parsed. */
  readonly place: number;
}

/** Text is a mere string. */
export type Node = Element | string;

export function isElement(node: Node): node is Element {
  return typeof node !== 'string';
}

export function childElements(parent: Element): Element[] {
  return parent.children.filter(isElement);
}

export function childNamed(parent: Element, name: string): Element | null {
  for (const child of parent.children) if (isElement(child) && child.local === name) return child;
  return null;
}

export function childrenNamed(parent: Element, name: string): Element[] {
  return childElements(parent).filter(({ local }) => local === name);
}

/** All descendants with a name, in document order. */
export function descendantsNamed(parent: Element, name: string): Element[] {
  const found: Element[] = [];
  const walk = (element: Element): void => {
    for (const child of element.children) {
      if (!isElement(child)) continue;
      if (child.local === name) found.push(child);
      walk(child);
    }
  };
  walk(parent);
  return found;
}

/** First descendant with a name, in document order. */
export function firstNamed(parent: Element, name: string): Element | null {
  for (const child of parent.children) {
    if (!isElement(child)) continue;
    const found = child.local === name ? child : firstNamed(child, name);
    if (found) return found;
  }
  return null;
}

/** The next element with the same parent, or the one before. */
export function siblingOf({ parent, place }: Element, side: 'next' | 'before'): Element | null {
  const step = side === 'next' ? 1 : -1;
  for (let at = place + step; ; at += step) {
    const node = parent?.children[at];
    if (node === undefined) return null;
    if (isElement(node)) return node;
  }
}

/** Text of a node and all below it; scripts and styles have none. */
export function textOf(node: Node): string {
  if (!isElement(node)) return node;
  if (node.local === 'script' || node.local === 'style') return '';
  let text = '';
  for (const child of node.children) text += textOf(child);
  return text;
}

/** An attribute by local name: `l:href`, `xlink:href` and `href` are one. */
export function attribute(element: Element, name: string): string | null {
  const exact = element.attribs[name];
  if (exact !== undefined) return exact;
  const suffix = `:${name}`;
  for (const key in element.attribs) {
    const lower = key.toLowerCase();
    if (lower === name || lower.endsWith(suffix)) return element.attribs[key] ?? null;
  }
  return null;
}

const NO_TYPES: readonly string[] = [];

/** `epub:type` and DPUB-ARIA roles as one list of lower-case words, roles without their `doc-`. */
export function semanticTypes(element: Element): readonly string[] {
  let types: string[] | undefined;
  for (const key in element.attribs) {
    const value = element.attribs[key] ?? '';
    if (key.includes(':') && /:type$/i.test(key) && !/^(xlink|xsi):/i.test(key))
      (types ??= []).push(...words(value));
    if (key === 'role') {
      for (const role of words(value))
        if (role.startsWith('doc-')) (types ??= []).push(role.slice(4));
    }
  }
  return types ?? NO_TYPES;
}

function words(value: string): string[] {
  return value.toLowerCase().split(/\s+/).filter(Boolean);
}
