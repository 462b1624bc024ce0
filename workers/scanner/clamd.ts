import { connect, type Socket } from 'node:net';

/** The verdict of clamd about a stream; `failed` when it can never scan all of it. */
export type ClamdVerdict = 'clean' | 'infected' | 'failed';

export interface ClamdAddress {
  host: string;
  port: number;
}

/** `StreamMaxLength` of clamd.conf. */
export const MAX_STREAM_BYTES = 1024 * 1024 * 1024;

/** A chunk is its length in four bytes, then the bytes. */
const MAX_CHUNK_BYTES = 1024 * 1024;
const MAX_ANSWER_CHARACTERS = 4_096;
const END_OF_STREAM = Buffer.alloc(4);

/**
 * The verdict of an answer.
 * @throws Error for an answer that is no verdict: clamd is out of memory, loads its signatures, or is something else
 */
export function parseAnswer(answer: string): ClamdVerdict {
  const text = answer.replace(/\0?\n?$/, '');
  if (text === 'stream: OK') return 'clean';
  if (text === 'INSTREAM size limit exceeded. ERROR') return 'failed';
  const [, name] = /^stream: (.{1,500}) FOUND$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`clamd answered ${JSON.stringify(text.slice(0, 200))}`);
  // With AlertExceedsMax a file of which clamd leaves out a part is no find, and not clean either.
  return name.startsWith('Heuristics.Limits.Exceeded') ? 'failed' : 'infected';
}

/** The answer of clamd until the connection ends, even with a fault. @throws Error when the answer is empty, or too long */
function collectAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    let failure = new Error('clamd closed the connection without an answer');
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > MAX_ANSWER_CHARACTERS) socket.destroy();
    });
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => (answer === '' ? reject(failure) : resolve(answer)));
  });
}

/** Writes bytes, and waits while clamd does not take them. */
async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const proceed = () => {
      socket.off('drain', proceed).off('close', proceed);
      resolve();
    };
    socket.on('drain', proceed).on('close', proceed);
  });
}

async function writeChunk(socket: Socket, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; at += MAX_CHUNK_BYTES) {
    const part = chunk.subarray(at, at + MAX_CHUNK_BYTES);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    await write(socket, length);
    await write(socket, part);
  }
}

/** More bytes than clamd takes. */
class StreamTooLarge extends Error {}

/**
 * @returns whether clamd took all of the bytes; false once it has closed the connection
 * @throws what reading the bytes throws
 */
async function sendStream(
  socket: Socket,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<boolean> {
  let size = 0;
  await write(socket, Buffer.from('zINSTREAM\0'));
  for await (const chunk of body) {
    size += chunk.length;
    // Counted here, because clamd resets a connection on which it was sent too much, and its answer is lost with it. What follows is
    // read and left out, for the same reason: a caller that still sends would not read an answer. It ends with the time of the scan: the reply closes the connection.
    if (size > maxBytes) {
      socket.destroy(new StreamTooLarge());
      continue;
    }
    // Data before the end of the stream is an answer: clamd takes no more.
    if (socket.destroyed || socket.bytesRead > 0) return false;
    await writeChunk(socket, chunk);
  }
  await write(socket, END_OF_STREAM);
  return true;
}

/**
 * Lets clamd scan bytes by `INSTREAM`, as they arrive. A clamd that answers before it has all of them is believed, unless it calls clean
 * what it has not read.
 * @param limits the bytes that clamd takes, and after which time it is given up
 * @throws Error when clamd cannot be reached, is too slow, or gives no verdict; or what reading the bytes throws
 */
export async function scanWithClamd(
  { host, port }: ClamdAddress,
  body: AsyncIterable<Uint8Array>,
  { timeoutMs, maxBytes = MAX_STREAM_BYTES }: { timeoutMs: number; maxBytes?: number },
): Promise<ClamdVerdict> {
  const socket = connect({ host, port });
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('clamd is too slow')), timeoutMs);
  const answered = collectAnswer(socket);
  let isSent = false;
  const sent = sendStream(socket, body, maxBytes).then((taken) => {
    isSent = taken;
    return answered;
  });
  const settled = Promise.allSettled([sent, answered]);
  try {
    const verdict = parseAnswer(await Promise.race([sent, answered, late]));
    if (verdict === 'clean' && !isSent) throw new Error('clamd called clean what it has not read');
    return verdict;
  } catch (error) {
    if (!(error instanceof StreamTooLarge)) throw error;
    await Promise.race([settled, late]);
    return 'failed';
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Whether clamd answers, with its signatures loaded. */
export async function pingClamd({ host, port }: ClamdAddress, timeoutMs: number): Promise<boolean> {
  const socket = connect({ host, port });
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  socket.write('zPING\0');
  try {
    return (await collectAnswer(socket)) === 'PONG\0';
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
