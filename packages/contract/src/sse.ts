/** One message of an event stream. A message without data is never dispatched, as the standard demands. */
export interface ServerSentMessage {
  readonly event: string;
  readonly data: string;
  /** The last id the stream has named, the cursor for `Last-Event-ID`. */
  readonly id: string;
}

/** Separates lines: CR LF, LF, or a CR that is certainly not the first half of a CR LF. */
const LINE_END = /\r\n|\n|\r(?!$)/u;

/**
 * Reads server-sent events from the body of a response (WHATWG HTML, section 9.2.6), up to the end of the body.
 * An unfinished message at the end is dropped, as the standard demands: its sender died in the middle of it.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentMessage, void, undefined> {
  let event = '';
  let data: string[] = [];
  let id = '';
  for await (const line of lines(body)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id };
      event = '';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /u, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  }
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  // Not `for await`: Safari's streams are no async iterables.
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      for (let end = LINE_END.exec(rest); end !== null; end = LINE_END.exec(rest)) {
        yield rest.slice(0, end.index);
        rest = rest.slice(end.index + end[0].length);
      }
    }
  } finally {
    await reader.cancel();
  }
}
