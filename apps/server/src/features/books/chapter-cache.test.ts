import { describe, expect, it } from 'vitest';
import { ChapterCache, type RenderedChapter } from './chapter-cache.ts';

/** Takes about `bytes`. */
function chapter(bytes: number): RenderedChapter {
  return { html: 'x'.repeat(bytes / 2), text: '', notes: [] };
}

describe('the cache of rendered chapters', () => {
  it('lets go of the chapter that was not read for longest when it is full', () => {
    const cache = new ChapterCache({ maxBytes: 1000 });
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, chapter(250));
    expect(cache.get('a')).toBeDefined();
    cache.set('e', chapter(250));
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== undefined)).toEqual([
      'a',
      'c',
      'd',
      'e',
    ]);
    expect(cache.bytes).toBe(1000);
  });

  it('does not drive out a book for one chapter', () => {
    const cache = new ChapterCache({ maxBytes: 1000 });
    cache.set('small', chapter(200));
    cache.set('huge', chapter(900));
    expect(cache.get('huge')).toBeUndefined();
    expect(cache.get('small')).toBeDefined();
  });

  it('forgets after an hour, however often it was asked', () => {
    let now = 0;
    const cache = new ChapterCache({ now: () => now });
    cache.set('a', chapter(10));
    now = 3_599_999;
    expect(cache.get('a')).toBeDefined();
    now = 3_600_000;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  it('counts a chapter that is rendered twice once', () => {
    const cache = new ChapterCache();
    cache.set('a', chapter(100));
    cache.set('a', chapter(100));
    expect(cache.bytes).toBe(100);
  });
});
