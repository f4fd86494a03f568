import { expect, it } from 'vitest';
import { LiveBlock } from './live-block.ts';

/** A terminal that knows just what a block needs: moving up and erasing. */
function terminal() {
  let rows: string[] = [''];
  return {
    rows: () => rows.filter((row) => row !== ''),
    write: (text: string) => {
      const [before = '', after = ''] = text.split('\r\u001b[0J');
      const up = before.slice('\u001b['.length, -'A'.length);
      rows = [...rows.slice(0, rows.length - 1 - Number(up)), ...after.split('\n')];
    },
  };
}

it('draws over itself, also when it shrinks, and leaves nothing behind', () => {
  const screen = terminal();
  const block = new LiveBlock(screen);
  block.draw(['job', 'chapter 1', 'chapter 2']);
  expect(screen.rows()).toEqual(['job', 'chapter 1', 'chapter 2']);
  block.draw(['job', 'chapter 3']);
  expect(screen.rows()).toEqual(['job', 'chapter 3']);
  block.clear();
  expect(screen.rows()).toEqual([]);
});

it('writes nothing when nothing has changed', () => {
  const written: string[] = [];
  const block = new LiveBlock({ write: (text: string) => written.push(text) });
  block.draw(['job']);
  block.draw(['job']);
  expect(written).toHaveLength(1);
});
