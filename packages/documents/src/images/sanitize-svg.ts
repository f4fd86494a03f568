import type { Element } from 'domhandler';
import { isCDATA, isTag, isText } from 'domhandler';
import { getOuterHTML, textContent } from 'domutils';
import { decodeText } from '../encoding/decode-text.ts';
import type { Limits } from '../limits.ts';
import { firstNamed, localName } from '../markup/dom.ts';
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
  purify(root);
  root.attribs['xmlns'] ??= 'http://www.w3.org/2000/svg';
  return new TextEncoder().encode(getOuterHTML(root, { xmlMode: true }));
}

function purify(element: Element): void {
  const attributes = Object.entries(element.attribs).filter(([name, value]) => isSafe(name, value));
  element.attribs = Object.fromEntries(attributes);
  const isStyle = localName(element) === 'style';
  element.children = element.children.filter((child) => {
    if (isText(child)) return !isStyle || isSafeStyle(child.data);
    if (isCDATA(child)) return isStyle && isSafeStyle(textContent(child));
    return isTag(child) && !isStyle && DRAWING.has(localName(child));
  });
  for (const child of element.children) if (isTag(child)) purify(child);
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

/** References inside of the file are all that a style or a paint may have. */
function isSafeStyle(css: string): boolean {
  if (/@import|javascript:|expression\(|\\/i.test(css)) return false;
  return !/url\(\s*["']?(?!#)/i.test(css.replace(/url\(\s*["']?#/gi, ''));
}
