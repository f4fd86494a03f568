import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { defineErrors, routes, type Route } from './index.ts';

const all: Route[] = Object.values(routes).flatMap((group): Route[] => Object.values(group));

describe('the route table', () => {
  it('has every method and path once', () => {
    const names = all.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares exactly the parameters that a path names', () => {
    for (const route of all) {
      const named = [...route.path.matchAll(/:(\w+)/gu)].map(([, name]) => name);
      const declared = route.params instanceof z.ZodObject ? Object.keys(route.params.shape) : [];
      expect(new Set(declared), route.path).toEqual(new Set(named));
    }
  });

  it('has a success for every route and no error among the answers', () => {
    for (const { path, responses } of all) {
      const statuses = Object.keys(responses).map(Number);
      expect(statuses.length, path).toBeGreaterThan(0);
      expect(statuses.filter((status) => status < 200 || status > 299)).toEqual([]);
    }
  });

  it('reads a flag of a query as the boolean it stands for', () => {
    const { query } = routes.books.descriptions;
    expect(query.parse({ extract_new: 'true' })).toEqual({ extract_new: true });
    expect(query.parse({ extract_new: '0' })).toEqual({ extract_new: false });
    expect(query.parse({})).toEqual({ extract_new: false });
    expect(query.safeParse({ extract_new: 'perhaps' }).success).toBe(false);
  });

  it('takes ids from a path as numbers and refuses everything else', () => {
    const { params } = routes.books.get;
    expect(params.parse({ id: '12' })).toEqual({ id: 12 });
    for (const id of ['0', '-1', '1.5', 'x', '1e400', '']) {
      expect(params.safeParse({ id }).success, id).toBe(false);
    }
  });
});

describe('defineErrors', () => {
  it('refuses a code out of the pattern and a status the server promises not to answer', () => {
    expect(() => defineErrors({ 'Bad.Code': { status: 400, title: 'x' } })).toThrow(/area\.what/u);
    expect(() => defineErrors({ 'book.broken': { status: 500, title: 'x' } })).toThrow(/500/u);
    expect(defineErrors({ 'disk.full': { status: 507, title: 'x' } })).toHaveProperty([
      'disk.full',
    ]);
  });
});
