import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { defineErrors, routes, type Route } from './index.ts';

const all: Route[] = Object.values(routes).flatMap((group): Route[] => Object.values(group));

describe('the route table', () => {
  it('has every method and path once', () => {
    const names = all.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(all)('$method $path declares exactly the parameters that it names', (route) => {
    const named = [...route.path.matchAll(/:(\w+)/gu)].map(([, name]) => name);
    const declared = route.params instanceof z.ZodObject ? Object.keys(route.params.shape) : [];
    expect(new Set(declared)).toEqual(new Set(named));
  });

  it.each(all)('$method $path lists its successes and no error', ({ responses }) => {
    const statuses = Object.keys(responses).map(Number);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status < 200 || status > 299)).toEqual([]);
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
    const wrong = ['0', '-1', '1.5', 'x', '1e400', ''];
    expect(wrong.filter((id) => params.safeParse({ id }).success)).toEqual([]);
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
