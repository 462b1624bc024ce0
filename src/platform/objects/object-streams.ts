import { utf8 } from '../../kernel/core/index.ts';

/** Makes a stream of what a generator yields, as fast as the reader takes it; its failure is the reader's failure. */
export function createTextStream(parts: AsyncIterator<string>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await parts.next();
      if (part.done) controller.close();
      else controller.enqueue(utf8(part.value));
    },
    async cancel() {
      await parts.return?.();
    },
  });
}

/** The text behind a stream, for what is known to be small. */
export function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(body).text();
}
