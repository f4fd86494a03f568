/** The part of a terminal that is used; `process.stdout` is one. */
export interface Screen {
  write(text: string): unknown;
}

const UP = (lines: number) => (lines === 0 ? '' : `\u001b[${lines}A`);
const ERASE_BELOW = '\u001b[0J';

/** Lines at the bottom of a terminal that are drawn over and over. No line may be wider than the terminal. */
export class LiveBlock {
  readonly #screen: Screen;
  #height = 0;
  #shown = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Replaces what was drawn; what has not changed is not drawn again. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (text === this.#shown) return;
    this.#screen.write(`${UP(this.#height)}\r${ERASE_BELOW}${text}`);
    this.#height = lines.length;
    this.#shown = text;
  }

  /** Leaves no trace: what comes next is written where the block was. */
  clear(): void {
    this.draw([]);
  }
}
