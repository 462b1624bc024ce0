import type { Ctx } from '../../kernel/context/index.ts';
import { addDownloadedBytes } from './sample.queries.ts';

const TASK = 'storage.count_download';
/** A download is counted in pieces of this size while it is sent, because the runtime does not always report a client that leaves. */
const PIECE_BYTES = 16_000_000;
const CHUNK_BYTES = 256 * 1024;

/** Both ends of the stream that a response sends; in the runtime with a length, without which it sends no `Content-Length`. */
const openStream = (length: number): TransformStream<Uint8Array, Uint8Array> =>
  typeof FixedLengthStream === 'undefined' ? new TransformStream() : new FixedLengthStream(length);

/** Reads the chunks of a stream: large ones where its source fills a buffer, because each costs time of the processor. */
function openChunks(source: ReadableStream<Uint8Array>) {
  try {
    const reader = source.getReader({ mode: 'byob' });
    return {
      read: () => reader.read(new Uint8Array(CHUNK_BYTES)),
      cancel: (reason: unknown) => reader.cancel(reason),
    };
  } catch {
    return source.getReader(); // It has chunks of its own.
  }
}

/**
 * Copies bytes as fast as the client takes them. It ends early when the source breaks, which the client sees, or the client leaves.
 * @param onTaken called with the number of bytes of each chunk that was taken
 */
async function copy(
  source: ReadableStream<Uint8Array>,
  target: WritableStream<Uint8Array>,
  onTaken: (bytes: number) => void,
): Promise<void> {
  const [reader, writer] = [openChunks(source), target.getWriter()];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await writer.write(next.value);
      onTaken(next.value.length);
    }
    await writer.close();
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
  }
}

/**
 * Counts the bytes of a download that its client takes: in one row of their organization, however many requests there
 * are. A count that fails is logged, and stops no download.
 * @param length of the bytes
 * @returns the bytes, for the response
 */
export function countDownload(
  ctx: Ctx,
  organizationId: string,
  body: ReadableStream<Uint8Array>,
  length: number,
): ReadableStream<Uint8Array> {
  const { readable, writable } = openStream(length);
  const count = (bytes: number) =>
    ctx.commit({
      // The file's own organization: with an address that is public or signed the caller has none.
      scope: { role: 'app', organizationId, userId: null },
      skipIdempotencyRecord: true,
      write: (q) => [addDownloadedBytes(q, organizationId, bytes)],
      result: undefined,
    });
  ctx.after(TASK, async () => {
    let uncounted = 0;
    await copy(body, writable, (bytes) => {
      uncounted += bytes;
      if (uncounted < PIECE_BYTES) return;
      const piece = uncounted;
      uncounted = 0;
      ctx.after(TASK, () => count(piece));
    });
    if (uncounted > 0) await count(uncounted);
  });
  return readable;
}
