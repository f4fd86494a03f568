/** Ways to send an upload that no browser has, as the `fetch` of a client. */

/** Without saying how large it is: nobody can refuse it before it comes. */
export const unannounced: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const body = new Blob([await request.arrayBuffer()]).stream();
  return await stream(request, body, null);
};

/** So many bytes of it, then nothing until the signal is aborted: whoever sends it has gone. */
export function cutOff(bytes: number, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const part = new Uint8Array(await request.arrayBuffer()).subarray(0, bytes);
    const body = new ReadableStream({ start: (controller) => controller.enqueue(part) });
    return await stream(request, body, signal);
  };
}

/** `duplex` is what Node asks of everybody who sends a stream; the types of browsers do not know it. */
function stream(
  { url, method, headers }: Request,
  body: ReadableStream,
  signal: AbortSignal | null,
): Promise<Response> {
  return fetch(url, Object.assign({ method, headers, body, signal }, { duplex: 'half' }));
}
