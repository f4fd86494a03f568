import writeExcelFile from 'write-excel-file/node';
import { provenance, type ExportSource } from './export.ts';

const HEAD = ['No.', 'Page', 'Label', 'Source', 'Short sentences'];
const WIDTHS = [8, 8, 14, 80, 80];
/** What a cell of Excel holds; more makes the file unreadable. */
const CELL_CHARACTERS = 32_767;

/** A row a sentence of the source, and a second sheet that says how it was made. */
export async function toXlsx(source: ExportSource): Promise<Uint8Array> {
  const rows = source.result.sentences.map(({ id, page, label, source: text, sentences }) => [
    { value: id, type: Number },
    { value: page, type: Number },
    { value: label, type: String },
    { value: text.slice(0, CELL_CHARACTERS), type: String, wrap: true },
    { value: sentences.join('\n').slice(0, CELL_CHARACTERS), type: String, wrap: true },
  ]);
  const head = HEAD.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const about = [source.result.title, ...provenance(source)].map((value) => [
    { value, type: String },
  ]);
  const file = writeExcelFile([
    {
      data: [head, ...rows],
      sheet: 'Sentences',
      columns: WIDTHS.map((width) => ({ width })),
      stickyRowsCount: 1,
    },
    { data: about, sheet: 'About', columns: [{ width: 100 }] },
  ]);
  return await file.toBuffer();
}
