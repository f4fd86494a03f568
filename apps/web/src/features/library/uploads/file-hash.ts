/** The largest file that is hashed before it is sent: all of it has to be in memory for that. */
const MOST_BYTES = 100_000_000;

/**
 * sha256 of a file in hex. Undefined where that cannot be had: browsers hash on secure pages alone, and very large files are not worth
 * it. The server then recognises the book when it has arrived.
 */
export async function hashFile(file: Blob): Promise<string | undefined> {
  if (!isSecureContext || file.size > MOST_BYTES) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
