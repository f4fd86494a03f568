/** Something that was repaired, guessed or left out while reading. */
export interface Warning {
  /** Stable, for programs: `toc.ncx`, `spine.missing_file`… */
  code: string;
  message: string;
}

export type WarningSink = (code: string, message: string) => void;

/** Enough for a person to see what is wrong; a hostile file could cause millions. */
const MAX_WARNINGS = 100;

export function createWarnings(): { list: Warning[]; warn: WarningSink } {
  const list: Warning[] = [];
  const warn: WarningSink = (code, message) => {
    if (list.length === MAX_WARNINGS) {
      list.push({ code: 'warnings.more', message: 'Further warnings are not listed.' });
    }
    if (list.length < MAX_WARNINGS) list.push({ code, message: message.slice(0, 500) });
  };
  return { list, warn };
}
