import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

const answerSchema = z.object({
  /** A hash of what the request said. */
  content: z.string(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** What was answered to a request, and to what. */
export type KeptAnswer = z.output<typeof answerSchema>;

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A name and a key, both made of the same secret and neither of the other. */
export function namesOf(secret: string): { readonly id: Buffer; readonly sealKey: Buffer } {
  const hash = (purpose: string) => createHash('sha256').update(`${purpose}\n${secret}`).digest();
  return { id: hash('name'), sealKey: hash('seal') };
}

/** Initialisation vector, tag and text, in this order. */
export function seal(answer: KeptAnswer, sealKey: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, sealKey, iv, { authTagLength: TAG_BYTES });
  const text = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

export function unseal(sealed: Buffer, sealKey: Buffer): KeptAnswer {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, sealKey, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  const parsed: unknown = JSON.parse(Buffer.concat([text, decipher.final()]).toString());
  return answerSchema.parse(parsed);
}
