import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, workKey, type KeyParts } from './key.ts';

const parts: KeyParts = {
  scope: 'owner:1',
  pipeline: 'toy',
  recipeVersion: 1,
  input: { word: 'a' },
  generation: 0,
};

test('equal parts have the same key, and each part changes it', () => {
  expect(workKey(structuredClone(parts))).toBe(workKey(parts));
  const others: Partial<KeyParts>[] = [
    { scope: 'owner:2' },
    { pipeline: 'toy2' },
    { recipeVersion: 2 },
    { input: { word: 'b' } },
    { input: { word: 'a', more: null } },
    { generation: 1 },
  ];
  const keys = new Set([parts, ...others].map((other) => workKey({ ...parts, ...other })));
  expect(keys.size).toBe(others.length + 1);
});

test('the order of properties does not matter, the order of a list does', () => {
  expect(canonicalJson({ b: { d: 1, c: [2, 1] }, a: undefined })).toBe('{"b":{"c":[2,1],"d":1}}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
      const turned = Object.fromEntries(Object.entries(input).toReversed());
      expect(workKey({ ...parts, input: turned })).toBe(workKey({ ...parts, input }));
      expect(JSON.parse(canonicalJson(input))).toEqual(JSON.parse(JSON.stringify(input)));
    }),
  );
});
