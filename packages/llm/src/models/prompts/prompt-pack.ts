import type { DescriptionKind } from '../../description.ts';

/** All that a prompt needs in one language. */
export interface PromptPack {
  /** Language subtag: "en". */
  readonly language: string;
  /** What to look for and how to answer; `{language}` stands for the name of the book's language. */
  readonly task: string;
  readonly exampleHeading: string;
  /**
   * One dull and one descriptive paragraph, ours and in no book, so that a quote from it gives itself away. Their numbers
   * are ones that no chapter reaches.
   */
  readonly example: {
    readonly paragraphs: readonly (readonly [number: number, text: string])[];
    readonly items: readonly {
      readonly paragraph: number;
      readonly kind: DescriptionKind;
      readonly quote: string;
      readonly confidence: number;
    }[];
  };
  /** Said in addition when paragraphs are read a second time. */
  readonly secondReading: string;
  /** What models call the kinds when they translate them. */
  readonly kindNames: Readonly<Record<string, DescriptionKind>>;
}
