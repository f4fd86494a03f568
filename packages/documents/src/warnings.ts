/** Stable, for programs. */
export type WarningCode =
  | 'archive.checksum'
  | 'chapters.headings'
  | 'container.repaired'
  | 'image.too_large'
  | 'image.unreadable'
  | 'language.contradicts_text'
  | 'language.guessed'
  | 'language.unknown'
  | 'manifest.external'
  | 'mobi.text_shorter'
  | 'outline.ignored'
  | 'pdf.pages_without_text'
  | 'spine.fallback'
  | 'spine.foreign_file'
  | 'spine.missing_file'
  | 'spine.unknown_item'
  | 'spine.unlisted_files'
  | 'text.bytes_replaced'
  | 'text.encoding'
  | 'toc.source'
  | 'warnings.more';

/** Something that was repaired, guessed or left out while reading. */
export interface Warning {
  code: WarningCode;
  message: string;
  /** The values that the message names, for whoever says it in another language. */
  params?: WarningParams;
}

export type WarningParams = Readonly<Record<string, string | number>>;
export type WarningSink = (code: WarningCode, message: string, params?: WarningParams) => void;

/** Enough for a person to see what is wrong; a hostile file could cause millions. */
const MAX_WARNINGS = 100;

export function createWarnings(): { list: Warning[]; warn: WarningSink } {
  const list: Warning[] = [];
  const warn: WarningSink = (code, message, params) => {
    if (list.length === MAX_WARNINGS) {
      list.push({ code: 'warnings.more', message: 'Further warnings are not listed.' });
    }
    if (list.length < MAX_WARNINGS) {
      list.push({ code, message: message.slice(0, 500), ...(params && { params: cut(params) }) });
    }
  };
  return { list, warn };
}

function cut(params: WarningParams): WarningParams {
  const entries = Object.entries(params).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'string' ? value.slice(0, 200) : value,
  ]);
  return Object.fromEntries(entries);
}
