import type { Route } from '@scriptorium/contract';
import fc from 'fast-check';
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What a mutated request differs by from one that the route can serve. Values are JSON as it is sent, which need not be JSON. */
export type Mutation =
  | { readonly kind: 'none' }
  | { readonly kind: 'generated'; readonly body: string; readonly query: string }
  | { readonly kind: 'field' | 'extra'; readonly place: number; readonly value: string }
  | { readonly kind: 'drop'; readonly place: number }
  | { readonly kind: 'path'; readonly place: number; readonly segment: string }
  | { readonly kind: 'query'; readonly place: number; readonly value: string }
  | { readonly kind: 'raw'; readonly mediaType: string; readonly body: string }
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'method'; readonly method: string }
  | { readonly kind: 'headers'; readonly count: number; readonly length: number };

const DEEP = 5000;

/** Fragments of JSON: wrong types, bounds and beyond, what is no JSON at all. */
const HOSTILE = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '-0',
  '1e400',
  'NaN',
  '-Infinity',
  'undefined',
  '{',
  '',
  '2147483647',
  '2147483648',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775808',
  '""',
  '" "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\ufffe"',
  '"\ufeff"',
  '[]',
  '{}',
  '[null]',
  '{"a":1}',
  '[[[]]]',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":1}}',
  '"\' OR 1=1 --"',
  '"%s%n"',
  '"../../etc/passwd"',
  '"<script>"',
  '"${7*7}"',
  '"\u202e"',
  '"é"',
  `"${'x'.repeat(100_000)}"`,
  `"${'\u{1f4d6}'.repeat(300)}"`,
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  `[${'1,'.repeat(50_000)}1]`,
];

/** As they stand in an address. Small numbers are left out: they are somebody's. */
const SEGMENTS = [
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '2147483648',
  '9007199254740991',
  '9007199254740993',
  '99999999999999999999',
  'NaN',
  'null',
  '%00',
  '%',
  '%zz',
  '%ff',
  '%ED%A0%80',
  '%F0%9F',
  '..',
  '..%2f..%2fetc',
  '%2e%2e',
  '.',
  '',
  '%20',
  ';a=b',
  "'",
  '%0d%0aX-A:b',
  'x'.repeat(2000),
  '١٢',
].map((segment) => encodeURI(segment).replaceAll('%25', '%'));

const MEDIA_TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/xml',
  '',
  'x',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  'application/octet-stream',
  'application/problem+json',
  'multipart/form-data; boundary=""',
];

const FORM_HEAD = '--b\r\nContent-Disposition: form-data; name="';
/** Broken bodies: of JSON, and of forms whose boundary is `b`. */
const BODIES = [
  '',
  '{',
  '"',
  '[',
  'null',
  '{"a":1',
  '{"a":1}}',
  '\u0000',
  '\ufeff{}',
  'a=b',
  '<a/>',
  '--b--\r\n',
  '--b',
  '--b\r\n',
  '--b\r\n\r\n\r\n--b--',
  '--c\r\n\r\nx\r\n--c--\r\n',
  `${FORM_HEAD}file"; filename="a.epub"\r\n\r\nPK`,
  `${FORM_HEAD}file"; filename="../../a\u0000.epub"\r\n\r\nx\r\n--b--\r\n`,
  `${FORM_HEAD}file"; filename=""\r\n\r\n\r\n--b--\r\n`,
  `${FORM_HEAD}other"; filename="a"\r\n\r\nx\r\n--b--\r\n`,
  `${FORM_HEAD}__proto__"\r\n\r\nx\r\n--b--\r\n`,
  `${FORM_HEAD}${'n'.repeat(20_000)}"\r\n\r\nx\r\n--b--\r\n`,
  `${`${FORM_HEAD}a"\r\n\r\nx\r\n`.repeat(60)}--b--\r\n`,
  `${`${FORM_HEAD}file"; filename="a"\r\n\r\nx\r\n`.repeat(3)}--b--\r\n`,
  `${FORM_HEAD}novel_id"\r\n\r\n99999999999999\r\n--b--\r\n`,
  `${FORM_HEAD}sentence_length_limit"\r\n\r\n-4\r\n${FORM_HEAD}novel_id"\r\n\r\nx\r\n--b--\r\n`,
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

/** Any mutation of a request of this route. */
export function mutationOf({ body, query }: Route): fc.Arbitrary<Mutation> {
  const place = fc.nat({ max: 7 });
  const value = fc.constantFrom(...HOSTILE);
  const segment = fc.constantFrom(...SEGMENTS);
  const generated = (schema: z.ZodType | undefined) =>
    schema === undefined
      ? fc.constant('')
      : fromSchema(jsonSchemaOf(schema)).map((each) => JSON.stringify(each) ?? '');
  return fc.oneof(
    fc.constant<Mutation>({ kind: 'none' }),
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('generated'),
        body: generated(body),
        query: generated(query),
      }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('field', 'extra'), place, value }) },
    fc.record({ kind: fc.constant('drop'), place }),
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('path'), place, segment }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('query'), place, value: segment }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('raw'),
        mediaType: fc.constantFrom(...MEDIA_TYPES),
        body: fc.constantFrom(...BODIES),
      }),
    },
    fc.record({
      kind: fc.constant('cut'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('method'), method: fc.constantFrom(...METHODS) }),
    fc.record({
      kind: fc.constant('headers'),
      count: fc.constantFrom(1, 100, 3000),
      length: fc.constantFrom(1, 10_000, 100_000),
    }),
  );
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

/** Values that a JSON Schema, as zod writes it for our routes, allows or nearly allows: patterns and formats are not met. */
function fromSchema(schema: JsonSchema): fc.Arbitrary<unknown> {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return fc.oneof(...branches.map(branchOf));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      const shape = Object.fromEntries(properties.map(([name, inner]) => [name, branchOf(inner)]));
      return fc.record(shape, { requiredKeys: schema.required ?? [] });
    }
    case 'array': {
      const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
      return fc.array(items === undefined ? fc.jsonValue() : branchOf(items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, 20),
      });
    }
    case 'string': {
      const minLength = schema.minLength ?? 0;
      return fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, 40) });
    }
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
        max: Math.min(schema.maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
    case undefined:
    default:
      return fc.jsonValue();
  }
}

function branchOf(schema: JsonSchema | boolean): fc.Arbitrary<unknown> {
  return typeof schema === 'boolean' ? fc.jsonValue() : fromSchema(schema);
}
