import { createHash } from 'node:crypto';

/** Everything a chunk's result depends on. Model, prompt and context belong into `input`. */
export interface KeyParts {
  /** Who may share the result: an owner, or everybody if the operator says so. */
  readonly scope: string;
  readonly pipeline: string;
  readonly recipeVersion: number;
  readonly input: unknown;
  /** Raised by reprocess and invalidate: the same input, wanted anew. */
  readonly generation: number;
}

/** The work key: equal for equal parts, whatever the order of an object's properties. */
export function workKey(parts: KeyParts): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

/** JSON with sorted property names and without undefined ones. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
