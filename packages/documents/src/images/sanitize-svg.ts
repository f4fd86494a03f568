import { decodeText } from '../encoding/decode-text.ts';
import type { Limits } from '../limits.ts';
import type { Element, Node } from '../markup/dom.ts';
import { firstNamed, isElement } from '../markup/dom.ts';
import { parseXml } from '../markup/parse-markup.ts';

/** Elements that only draw. Animation is out as well: it can set an `href` to a script. */
const DRAWING: ReadonlySet<string> = new Set(
  (
    'svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textpath image ' +
    'title desc metadata style lineargradient radialgradient stop clippath mask pattern marker switch ' +
    'filter feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting ' +
    'fedisplacementmap fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur femerge ' +
    'femergenode femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence'
  ).split(' '),
);

const INLINE_IMAGE = /^data:image\/(png|jpe?g|gif|webp);base64,/i;

/**
 * An SVG picture with nothing in it but drawing: no script, no event, no foreign markup, no reference
 * to anything outside of the file. Null when the bytes are no SVG. Serve it with `Content-Security-
 * Policy: sandbox` all the same.
 */
export function sanitizeSvg(bytes: Uint8Array, limits: Limits): Uint8Array | null {
  const source = decodeText(bytes).text;
  if (!/<(\w+:)?svg[\s>]/i.test(source.slice(0, 4096))) return null;
  const root = firstNamed(parseXml(source, limits), 'svg');
  if (!root) return null;
  root.attribs['xmlns'] ??= 'http://www.w3.org/2000/svg';
  return new TextEncoder().encode(safeXml(root));
}

function safeXml({ name, local, attribs, children }: Element): string {
  let xml = `<${name}`;
  for (const [key, value] of Object.entries(attribs)) {
    if (isSafe(key, value)) xml += ` ${key}="${escapeXml(value)}"`;
  }
  const content = local === 'style' ? safeStyle(children) : safeContent(children);
  return content === '' ? `${xml}/>` : `${xml}>${content}</${name}>`;
}

function safeContent(nodes: readonly Node[]): string {
  let xml = '';
  for (const node of nodes) {
    if (!isElement(node)) xml += escapeXml(node);
    else if (DRAWING.has(node.local)) xml += safeXml(node);
  }
  return xml;
}

/** Judged as a whole: "@im" and "port" on both sides of a comment are safe each by itself. */
function safeStyle(nodes: readonly Node[]): string {
  const style = nodes.filter((node) => typeof node === 'string').join('');
  return isSafeStyle(style) ? escapeXml(style) : '';
}

function escapeXml(text: string): string {
  return text.replace(/["&'<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function isSafe(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith('on')) return false;
  if (lower === 'href' || lower.endsWith(':href')) {
    return value.trim().startsWith('#') || INLINE_IMAGE.test(value.trim());
  }
  if (lower === 'xmlns' || lower.startsWith('xmlns:')) return true;
  return isSafeStyle(value);
}

/** What none of what is dangerous can do without. Paths, which are most of a picture, have none of it. */
const SUSPECT = /[@:(\\]/;

/** References inside of the file are all that a style or a paint may have. */
function isSafeStyle(css: string): boolean {
  if (!SUSPECT.test(css)) return true;
  if (/@import|javascript:|expression\(|\\/i.test(css)) return false;
  return !/url\(\s*["']?(?!#)/i.test(css.replace(/url\(\s*["']?#/gi, ''));
}
