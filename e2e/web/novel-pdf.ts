import { writePdf } from '../../packages/documents/src/testing/write-pdf.ts';

const WORDS =
  'river lantern quiet market window garden letter morning station winter bridge candle mirror orchard harbour silver kitchen stranger';

/** A PDF of so many pages of English prose, each with sentences that stand nowhere else. */
export function novelPdf(
  pages: number,
  passwords?: { readonly user: string; readonly owner: string },
): File {
  const bytes = writePdf({
    pages: Array.from({ length: pages }, (_, page) => ({ text: textOf(page) })),
    ...(passwords === undefined ? {} : { passwords }),
  });
  return new File([Uint8Array.from(bytes)], `river-${pages}.pdf`, { type: 'application/pdf' });
}

/** Eight lines a page: a long sentence and a short one. */
function textOf(page: number): string {
  const words = WORDS.split(' ');
  const pick = (step: number) => words[(page * 7 + step * 5) % words.length];
  const lines = [
    `On page ${page + 1} the ${pick(0)} stood beside`,
    `the ${pick(1)} and the old ${pick(2)}, and nobody`,
    `who came from the ${pick(3)} had ever asked`,
    `why the ${pick(4)} was kept behind the ${pick(5)}.`,
    `She saw the ${pick(6)} and smiled.`,
  ];
  return lines
    .map((line, index) => `${index === 0 ? '15 270' : '0 -14'} Td (${line}) Tj`)
    .join(' ');
}
