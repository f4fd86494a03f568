/**
 * Encodes text as windows-1251, which the platform only decodes: its decoder is turned round over all 256 bytes.
 * A character that the code page lacks is an error and not a question mark: a sample must not lose a letter.
 */
export function encodeWindows1251(text: string): Buffer {
  const bytes = new Map<string, number>();
  for (const [byte, character] of Array.from(DECODED).entries()) bytes.set(character, byte);
  return Buffer.from(
    Array.from(text, (character) => {
      const byte = bytes.get(character);
      if (byte === undefined) {
        throw new RangeError(
          `windows-1251 has no "${character}" (U+${character.codePointAt(0)?.toString(16)}): write it otherwise.`,
        );
      }
      return byte;
    }),
  );
}

const DECODED = new TextDecoder('windows-1251').decode(
  Uint8Array.from({ length: 256 }, (_, i) => i),
);
