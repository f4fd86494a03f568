import { stringify } from 'csv-stringify/sync';
import { escapeMarkup, paragraphsOf, provenance, type ExportSource } from './export.ts';

/** The short sentences as a text to read: a line a paragraph, a blank line between them. */
export function toText(source: ExportSource): string {
  const { result, author } = source;
  const head = [result.title, ...(author === null ? [] : [author]), ...provenance(source)];
  const body = paragraphsOf(result.sentences).map(({ sentences }) =>
    sentences.flatMap((each) => each.sentences).join(' '),
  );
  return `${head.join('\n')}\n\n${body.join('\n\n')}\n`;
}

/** A row a short sentence, for spreadsheets: cells that begin like a formula are made text, with a mark that Excel knows. */
export function toCsv({ result }: ExportSource): string {
  const rows = result.sentences.flatMap(({ id, page, label, source, sentences }) =>
    sentences.map((sentence, index) => [id, page, label, index + 1, sentence, source]),
  );
  return stringify([['id', 'page', 'label', 'part', 'sentence', 'source'], ...rows], {
    bom: true,
    escape_formulas: true,
  });
}

/**
 * For Anki's import: a note a sentence of the source, in the columns that the file names itself (Anki 2.1.54 and newer). HTML is on, for
 * the line breaks between short sentences, so everything else is escaped.
 */
export function toTsv({ result }: ExportSource): string {
  const head = [
    '#separator:tab',
    '#html:true',
    '#columns:Source\tShort\tPage\tTags',
    '#tags column:4',
  ];
  const rows = result.sentences
    .filter(({ is_heading: isHeading }) => !isHeading)
    .map(({ source, sentences, page, label }) => [
      escapeMarkup(source),
      sentences.map(escapeMarkup).join('<br>'),
      page,
      label,
    ]);
  return `${head.join('\n')}\n${stringify(rows, { delimiter: '\t' })}`;
}
