import path from 'node:path';

/** A reference resolved against the file that contains it: a name inside the archive. */
export interface Reference {
  path: string;
  fragment: string | null;
}

/**
 * Resolves an href inside an archive. Null when it has a scheme or leaves the root: such a reference
 * is external. Percent signs are decoded where they can be.
 */
export function resolveHref(href: string, base: string): Reference | null {
  const trimmed = href.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) || trimmed.startsWith('//')) return null;
  const hash = trimmed.indexOf('#');
  const file = (hash < 0 ? trimmed : trimmed.slice(0, hash)).replace(/\?.*$/s, '');
  const fragment = hash < 0 ? null : decodePercent(trimmed.slice(hash + 1)) || null;
  if (file === '') return { path: base, fragment };
  // An absolute path means the root of the archive.
  const joined = file.startsWith('/')
    ? path.posix.normalize(decodePercent(file).replace(/^\/+/, ''))
    : path.posix.join(path.posix.dirname(base), decodePercent(file));
  if (joined === '..' || joined.startsWith('../')) return null;
  return { path: joined, fragment };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bare "%": the name is meant literally
  }
}
