import type { ChildNode, Element, ParentNode } from 'domhandler';
import { isTag, isText } from 'domhandler';

/**
 * Helpers over the DOM of htmlparser2. Names are compared by local name in lower case, since
 * `opf:metadata`, `html:p` and `svg:image` all occur. Depth is bounded by the parser, so recursion is
 * safe here.
 */
export function localName(element: Element): string {
  const colon = element.name.indexOf(':');
  return (colon < 0 ? element.name : element.name.slice(colon + 1)).toLowerCase();
}

export function childElements(parent: ParentNode): Element[] {
  return parent.children.filter((node): node is Element => isTag(node));
}

export function childNamed(parent: ParentNode, name: string): Element | null {
  return childElements(parent).find((element) => localName(element) === name) ?? null;
}

export function childrenNamed(parent: ParentNode, name: string): Element[] {
  return childElements(parent).filter((element) => localName(element) === name);
}

/** All descendants with a name, in document order. */
export function descendantsNamed(parent: ParentNode, name: string): Element[] {
  const found: Element[] = [];
  const walk = (node: ParentNode): void => {
    for (const child of childElements(node)) {
      if (localName(child) === name) found.push(child);
      walk(child);
    }
  };
  walk(parent);
  return found;
}

/** First descendant with a name, in document order. */
export function firstNamed(parent: ParentNode, name: string): Element | null {
  for (const child of childElements(parent)) {
    const found = localName(child) === name ? child : firstNamed(child, name);
    if (found) return found;
  }
  return null;
}

/** Text of a node and all below it; scripts and styles have none. */
export function textOf(node: ChildNode | ParentNode): string {
  if (isText(node)) return node.data;
  if (!('children' in node)) return '';
  if (isTag(node) && /^(script|style)$/.test(localName(node))) return '';
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

/** `epub:type` and DPUB-ARIA roles as one list of lower-case words, roles without their `doc-`. */
export function semanticTypes(element: Element): string[] {
  const types: string[] = [];
  for (const key in element.attribs) {
    const value = element.attribs[key] ?? '';
    if (/:type$/i.test(key) && !/^(xlink|xsi):/i.test(key)) types.push(...words(value));
    if (key === 'role') {
      for (const role of words(value)) if (role.startsWith('doc-')) types.push(role.slice(4));
    }
  }
  return types;
}

function words(value: string): string[] {
  return value.toLowerCase().split(/\s+/).filter(Boolean);
}
