import { ProviderFailure } from './provider-failure.rules.ts';

const END_OF_LINE = /\r\n|\n|\r/;

/**
 * The lines of a text that comes in pieces; each piece is searched once. Text after the last end of a line is left
 * out.
 */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let rest = '';
  let endsInReturn = false;
  for await (const bytes of body) {
    const decoded = decoder.decode(bytes, { stream: true });
    if (decoded === '') continue;
    // A line end of two characters may be divided between two pieces.
    const piece = endsInReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    endsInReturn = decoded.endsWith('\r');
    const [first = '', ...lines] = piece.split(END_OF_LINE);
    rest += first;
    for (const line of lines) {
      yield rest;
      rest = line;
    }
  }
}

/**
 * The data of the server-sent events in an answer, in order. An incomplete event at the end is ignored.
 * @throws ProviderFailure `malformed` for another kind of answer; what the body throws; TypeError for bytes that are
 * not text
 */
export async function* readEvents(
  provider: string,
  { headers, body }: Pick<Response, 'headers' | 'body'>,
): AsyncGenerator<string> {
  const isStream = headers.get('content-type')?.startsWith('text/event-stream');
  if (!isStream || !body) throw new ProviderFailure(provider, 'malformed');
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
  }
}
