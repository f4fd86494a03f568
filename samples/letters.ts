/** A point in a glyph: x to the right, y downwards, capitals from 0 to 10. */
export type Point = readonly [x: number, y: number];

/**
 * The capitals that the three titles need, as pen strokes. A stroke is a list of points; one that begins with `~` is
 * drawn as a curve through them. Strokes and not a font file: the cover is then text that can be reviewed.
 */
const STROKES: Readonly<Record<string, string>> = {
  ' ': '',
  '’': '0.8,0 0,2.4',
  A: '0,10 3.5,0 7,10|1.2,6.6 5.8,6.6',
  C: '~6.8,1.8 5.6,0.5 4,0 1.9,0.6 0.5,2.4 0,5 0.5,7.6 1.9,9.4 4,10 5.6,9.5 6.8,8.2',
  D: '0,0 0,10|~0,0 3.4,0.4 6,2.2 7,5 6,7.8 3.4,9.6 0,10',
  E: '5.5,0 0,0 0,10 5.5,10|0,4.8 4.6,4.8',
  F: '5.5,0 0,0 0,10|0,4.8 4.6,4.8',
  H: '0,0 0,10|7,0 7,10|0,4.8 7,4.8',
  I: '0,0 0,10',
  L: '0,0 0,10 5.2,10',
  M: '0,10 0.8,0 4.2,7 7.6,0 8.4,10',
  O: '~4,0 1.9,0.6 0.5,2.4 0,5 0.5,7.6 1.9,9.4 4,10 6.1,9.4 7.5,7.6 8,5 7.5,2.4 6.1,0.6 4,0',
  P: '0,10 0,0|~0,0 3.2,0.1 5.4,1 6,2.8 5.4,4.6 3.2,5.5 0,5.6',
  R: '0,10 0,0|~0,0 3.2,0.1 5.4,1 6,2.8 5.4,4.6 3.2,5.5 0,5.6|3,5.6 6.4,10',
  T: '0,0 7,0|3.5,0 3.5,10',
  U: '~0,0 0,4 0.4,7.8 1.6,9.5 3.5,10 5.4,9.5 6.6,7.8 7,4 7,0',
  X: '0,0 7,10|7,0 0,10',
  Y: '0,0 3.5,5 7,0|3.5,5 3.5,10',
  Ж: '0,0 4.4,5 0,10|10,0 5.6,5 10,10|5,0 5,10|4.4,5 5.6,5',
  И: '0,0 0,10 7,0 7,10',
  Й: '0,0 0,10 7,0 7,10|~2,-2.8 3.5,-1.8 5,-2.8',
  К: '0,0 0,10|6.2,0 0.4,5.4|2,4.2 6.6,10',
  П: '0,10 0,0 7,0 7,10',
  Ы: '0,0 0,10|~0,4.6 3,4.7 5,5.6 5.6,7.3 5,9 3,9.9 0,10|8.6,0 8.6,10',
};

const LATIN_SHAPES: Readonly<Record<string, string>> = { А: 'A', Н: 'H', О: 'O', Р: 'P', С: 'C' };

/** The strokes of one line of capitals and its width, both in glyph units. Throws on a letter that has no strokes. */
export function letterStrokes(text: string): { strokes: Point[][]; width: number } {
  const strokes: Point[][] = [];
  let cursor = 0;
  for (const letter of text) {
    const source = STROKES[LATIN_SHAPES[letter] ?? letter];
    if (source === undefined)
      throw new RangeError(`The cover has no letter "${letter}": draw it in letters.ts.`);
    let width = letter === ' ' ? 4 : 0;
    for (const stroke of source.split('|').filter((part) => part !== '')) {
      const points = stroke.replace('~', '').split(' ').map(parsePoint);
      width = Math.max(width, ...points.map(([x]) => x));
      const shifted = points.map(([x, y]): Point => [x + cursor, y]);
      strokes.push(stroke.startsWith('~') ? curveThrough(shifted) : shifted);
    }
    cursor += width + 2.4;
  }
  return { strokes, width: cursor - 2.4 };
}

function parsePoint(source: string): Point {
  const [x = 0, y = 0] = source.split(',').map(Number);
  return [x, y];
}

/** A Catmull-Rom spline through the points, as short segments. */
export function curveThrough(points: readonly Point[], stepsPerSpan = 8): Point[] {
  const at = (index: number): Point =>
    points[Math.min(Math.max(index, 0), points.length - 1)] ?? [0, 0];
  const curve: Point[] = [at(0)];
  for (let span = 0; span < points.length - 1; span += 1) {
    const knots = [at(span - 1), at(span), at(span + 1), at(span + 2)] as const;
    for (let step = 1; step <= stepsPerSpan; step += 1) {
      const t = step / stepsPerSpan;
      curve.push([interpolate(knots, 0, t), interpolate(knots, 1, t)]);
    }
  }
  return curve;
}

function interpolate(knots: readonly [Point, Point, Point, Point], axis: 0 | 1, t: number): number {
  const [a, b, c, d] = [knots[0][axis], knots[1][axis], knots[2][axis], knots[3][axis]];
  return (
    0.5 *
    (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * (b - c) + d - a) * t * t * t)
  );
}
