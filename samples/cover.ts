import { curveThrough, letterStrokes } from './letters.ts';
import type { Point } from './letters.ts';
import { encodePng } from './png.ts';

const WIDTH = 600;
const HEIGHT = 900;
/** Shades between paper and a full colour, for soft edges. */
const SHADES = 16;
const PAPER = [250, 247, 240] as const;
/** The sugar paper of the story's bindings: a frame, so that the cover ends somewhere on a paper-coloured shelf. */
const BOARDS = { colour: [95, 111, 130], width: 32 } as const;
const INKS = { rule: [214, 204, 186], ink: [30, 27, 22], red: [166, 58, 36] } as const;
const INK_NAMES = ['rule', 'ink', 'red'] as const;

type InkName = (typeof INK_NAMES)[number];
type Stroke = (points: readonly Point[], width: number, ink: InkName) => void;

/**
 * Draws the cover, 600 x 900 pixels: the title, then the page of the day-book that the story turns on, eleven written
 * lines with their stitches in the margin and a twelfth left empty. Only sums, products and square roots are used, so that
 * every machine draws the same pixels.
 */
export function drawCover(title: string): Buffer {
  const pixels = emptyPage();
  const stroke: Stroke = (points, width, ink) => drawStroke(pixels, points, width, ink);
  drawTitle(stroke, title);
  drawPage(stroke);
  const palette = INK_NAMES.flatMap((name) =>
    Array.from({ length: SHADES }, (_, shade) =>
      PAPER.map((paper, channel) =>
        Math.round(paper + (((INKS[name][channel] ?? 0) - paper) * shade) / (SHADES - 1)),
      ),
    ),
  );
  return encodePng(pixels, WIDTH, [...palette, BOARDS.colour]);
}

function emptyPage(): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT).fill(INK_NAMES.length * SHADES);
  for (let y = BOARDS.width; y < HEIGHT - BOARDS.width; y += 1) {
    pixels.fill(0, y * WIDTH + BOARDS.width, (y + 1) * WIDTH - BOARDS.width);
  }
  return pixels;
}

function drawTitle(stroke: Stroke, title: string): void {
  const lines = title.toUpperCase().match(/\S.{0,11}(?= |$)/gu) ?? [];
  const drawn = lines.map(letterStrokes);
  const scale = Math.min(6, 456 / Math.max(...drawn.map(({ width }) => width)));
  for (const [index, { strokes, width }] of drawn.entries()) {
    const left = (WIDTH - width * scale) / 2;
    const top = 100 + index * 16 * scale;
    for (const points of strokes) {
      const placed = points.map(([x, y]): Point => [left + x * scale, top + y * scale]);
      stroke(placed, 0.85 * scale, 'ink');
    }
  }
}

function drawPage(stroke: Stroke): void {
  const random = randomNumbers(1848);
  const segment = (x0: number, y0: number, x1: number, y1: number, width: number, ink: InkName) => {
    const start: Point = [x0, y0];
    const end: Point = [x1, y1];
    stroke([start, end], width, ink);
  };
  const baselines = Array.from({ length: 12 }, (_, line) => 356 + line * 40);
  for (const y of baselines) segment(140, y, 524, y, 1, 'rule');
  segment(132, 320, 132, 830, 1.4, 'red');
  for (const y of baselines.slice(0, -1)) {
    drawWriting(stroke, random, y);
    segment(84, y - 7, 110, y - 8, 3.2, 'red');
    for (const x of [82, 112]) segment(x, y - 7.5, x, y - 7.5, 3, 'ink');
  }
}

/** One line of a hand nobody can read: words of loops between the baseline and the height of an x. */
function drawWriting(stroke: Stroke, random: () => number, baseline: number): void {
  const end = 524 - random() * 60;
  let x = 150;
  while (x < end - 30) {
    const points: Point[] = [[x, baseline - 3]];
    const wordEnd = Math.min(end, x + 24 + random() * 60);
    while (x < wordEnd) {
      const height = random() < 0.22 ? 20 : 9;
      const depth = random() < 0.12 ? 8 : 0;
      points.push([x + 4, baseline - height - random() * 1.5], [x + 6, baseline - 1 + depth]);
      x += 7 + random() * 3;
    }
    points.push([x + 3, baseline - 5]);
    stroke(curveThrough(points, 6), 1.7, 'ink');
    x += 13;
  }
}

/** Numbers from 0 to 1, the same on every run (linear congruential, constants of Numerical Recipes). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Draws a polyline with round ends and soft edges. Where inks meet, the darker shade stays. */
function drawStroke(
  pixels: Uint8Array,
  points: readonly Point[],
  width: number,
  ink: InkName,
): void {
  const reach = width / 2 + 1;
  for (const [index, end] of points.entries()) {
    const start = points[index - 1] ?? end;
    const top = Math.floor(Math.min(start[1], end[1]) - reach);
    const bottom = Math.ceil(Math.max(start[1], end[1]) + reach);
    const left = Math.floor(Math.min(start[0], end[0]) - reach);
    const right = Math.ceil(Math.max(start[0], end[0]) + reach);
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const coverage = width / 2 + 0.5 - distanceToSegment([x, y], start, end);
        const shade = Math.round(Math.min(Math.max(coverage, 0), 1) * (SHADES - 1));
        const before = (pixels[y * WIDTH + x] ?? 0) % SHADES;
        if (shade > before || (shade === before && shade > 0 && ink !== 'rule')) {
          pixels[y * WIDTH + x] = INK_NAMES.indexOf(ink) * SHADES + shade;
        }
      }
    }
  }
}

function distanceToSegment(point: Point, start: Point, end: Point): number {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const [px, py] = [point[0] - start[0], point[1] - start[1]];
  const lengthSquared = dx * dx + dy * dy;
  const along =
    lengthSquared === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / lengthSquared, 0), 1);
  const [ox, oy] = [px - along * dx, py - along * dy];
  return Math.sqrt(ox * ox + oy * oy);
}
