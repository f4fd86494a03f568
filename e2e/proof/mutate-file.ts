/** Draws whole numbers from 0 to below its argument. */
type Draw = (below: number) => number;

type Mutator = (bytes: Buffer, draw: Draw) => Buffer;

/** Two places, the first before the second, at most a third of the file apart. */
function rangeIn({ length }: Buffer, draw: Draw): [from: number, to: number] {
  const from = draw(length);
  return [from, Math.min(length, from + 1 + draw(Math.max(1, Math.floor(length / 3))))];
}

function flipBits(bytes: Buffer, draw: Draw): Buffer {
  const copy = Buffer.from(bytes);
  const flips = 1 + draw(40);
  for (let i = 0; i < flips; i += 1) {
    const at = draw(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << draw(8));
  }
  return copy;
}

/** Sizes, offsets and counts of binary formats are where four bytes in a row make a number. */
function lieInNumbers(bytes: Buffer, draw: Draw): Buffer {
  const copy = Buffer.from(bytes);
  const lies = [0, 1, 0x7f_ff_ff_ff, 0xff_ff_ff_ff, 0x80_00_00_00, copy.length, copy.length * 2];
  for (let i = 0; i < 4; i += 1) {
    // The directory of a zip and the trailer of a PDF are at the end, the headers of both at the beginning.
    const near = Math.min(copy.length - 4, 2000);
    const at = draw(2) === 0 ? draw(near) : copy.length - 4 - draw(near);
    copy.writeUInt32LE(lies[draw(lies.length)] ?? 0, at);
  }
  return copy;
}

/** Lengths and counts that are written as digits, as in PDF and XML. */
function lieInDigits(bytes: Buffer, draw: Draw): Buffer {
  const lies = ['0', '-1', '99999999999', '4294967296', '1e9', '2147483648'];
  const one = 1 + draw(30);
  let seen = 0;
  const changed = bytes.toString('latin1').replaceAll(/\d{2,}/gu, (digits) => {
    seen += 1;
    return seen % one === 0 ? (lies[draw(lies.length)] ?? digits) : digits;
  });
  return Buffer.from(changed, 'latin1');
}

function duplicateRange(bytes: Buffer, draw: Draw): Buffer {
  const [from, to] = rangeIn(bytes, draw);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

function removeRange(bytes: Buffer, draw: Draw): Buffer {
  const [from, to] = rangeIn(bytes, draw);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

/** Entries of an archive, objects of a PDF and paragraphs change places. */
function swapRanges(bytes: Buffer, draw: Draw): Buffer {
  const [from, to] = rangeIn(bytes, draw);
  const middle = from + Math.floor((to - from) / 2);
  const [head, first, second, tail] = [
    bytes.subarray(0, from),
    bytes.subarray(from, middle),
    bytes.subarray(middle, to),
    bytes.subarray(to),
  ];
  return Buffer.concat([head, second, first, tail]);
}

function insertJunk(bytes: Buffer, draw: Draw): Buffer {
  const at = draw(bytes.length);
  const junk = Buffer.alloc(1 + draw(4000), draw(256));
  return Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);
}

/** Marks of the formats in the wrong places. */
function insertTokens(bytes: Buffer, draw: Draw): Buffer {
  const tokens = [
    '<',
    '>',
    '&',
    '<![CDATA[',
    ']]>',
    '<!--',
    '<section>',
    '</body>',
    'PK\x01\x02',
    'obj',
    'endstream',
    '<<',
    ']',
  ];
  let changed = bytes;
  for (let i = 0; i < 6; i += 1) {
    const at = draw(changed.length);
    const token = Buffer.from((tokens[draw(tokens.length)] ?? '').repeat(1 + draw(50)), 'latin1');
    changed = Buffer.concat([changed.subarray(0, at), token, changed.subarray(at)]);
  }
  return changed;
}

function reencode(bytes: Buffer, draw: Draw): Buffer {
  const text = bytes.toString(draw(2) === 0 ? 'utf8' : 'latin1');
  const again = Buffer.from(text, draw(2) === 0 ? 'utf16le' : 'utf8');
  return draw(2) === 0 ? again : Buffer.concat([Buffer.from([0xff, 0xfe]), again]);
}

export const MUTATORS: Readonly<Record<string, Mutator>> = {
  'flipped bits': flipBits,
  'a lie in numbers': lieInNumbers,
  'a lie in digits': lieInDigits,
  'the end cut off': (bytes, draw) => bytes.subarray(0, draw(bytes.length)),
  'the beginning cut off': (bytes, draw) => bytes.subarray(draw(bytes.length)),
  'a range twice': duplicateRange,
  'a range removed': removeRange,
  'ranges swapped': swapRanges,
  'junk inserted': insertJunk,
  'tokens inserted': insertTokens,
  'another encoding': reencode,
};
