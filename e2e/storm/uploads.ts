/** Ways to send an upload that no browser has, as the `fetch` of a client. */

/** Without saying how large it is: nobody can refuse it before it comes. */
export const unannounced: typeof fetch = async (input, init) => {
  const { url, method, headers, body } = new Request(input, init);
  return await fetch(url, streaming({ method, headers, body }));
};

/** So many bytes of it, then nothing until the signal is aborted: whoever sends it has gone. */
export function cutOff(bytes: number, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const { url, method, headers, body } = new Request(input, init);
    const part = body === null ? null : body.pipeThrough(firstBytes(bytes), { signal });
    return await fetch(url, streaming({ method, headers, body: part, signal }));
  };
}

/** What Node asks of everybody who sends a stream, and the types of browsers do not know. */
function streaming(init: RequestInit): RequestInit {
  return Object.assign(init, { duplex: 'half' });
}

function firstBytes(
  count: number,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let left = count;
  return new TransformStream({
    transform: async (chunk, controller) => {
      controller.enqueue(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      // Never: the stream ends with the signal alone.
      if (left === 0) await new Promise(() => {});
    },
  });
}
