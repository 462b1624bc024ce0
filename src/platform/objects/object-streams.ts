import { utf8 } from '../../kernel/core/index.ts';

/** Makes a stream of a generator's parts, at the reader's pace; the generator's failure becomes the reader's. */
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

/** Reads a whole stream as text; only for objects known to be small. */
export function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(body).text();
}
