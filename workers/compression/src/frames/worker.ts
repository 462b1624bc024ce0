/** The process that holds the codecs of sessions. Its parent asks; see `worker-messages.ts`. */
import { serveRequests } from '../processes/serve-requests.ts';
import { AudioCompressor, AudioRestorer } from './audio-codec.ts';
import { DataCompressor, DataRestorer } from './data-codec.ts';
import type { Format } from './frames.rules.ts';
import { VideoCompressor, VideoRestorer } from './video-codec.ts';
import type { CompressedFrame, FrameCodec, RestoredFrame, WorkerMessage } from './worker-messages.ts';

interface Session {
  codec: FrameCodec<CompressedFrame | RestoredFrame>;
  /** Its frame that is worked on. Native code that is closed below it would end the process. */
  running: Promise<unknown>;
}

const sessions = new Map<string, Session>();

function createCompressor(format: Format): FrameCodec<CompressedFrame> {
  if (format.kind === 'audio') return new AudioCompressor(format);
  return format.kind === 'data' ? new DataCompressor(format) : new VideoCompressor(format);
}

function createRestorer(codec: string): FrameCodec<RestoredFrame> {
  if (codec === 'opus') return new AudioRestorer();
  return codec === 'zstd' ? new DataRestorer() : new VideoRestorer(codec);
}

function closeSession(key: string): void {
  const session = sessions.get(key);
  sessions.delete(key);
  void session?.running.finally(() => session.codec.close());
}

async function handle(message: WorkerMessage): Promise<unknown> {
  if (message.type === 'ping') return;
  const { session: key } = message;
  if (message.type === 'close') return closeSession(key);
  let session = sessions.get(key);
  if (!session) {
    const codec =
      message.type === 'compress' ? createCompressor(message.format) : createRestorer(message.codec);
    session = { codec, running: Promise.resolve() };
    sessions.set(key, session);
  }
  const { codec } = session;
  if (message.reset) codec.reset();
  const wanted =
    message.type === 'restore' ? message.wanted : { codec: '', maxBytes: 0, sampleRate: 0, channels: 0 };
  const processed = codec.process(message.data, wanted);
  session.running = processed.catch(() => undefined);
  const isSingle = message.type === 'compress' ? message.format.isSingle : message.isSingle;
  return isSingle ? processed.finally(() => closeSession(key)) : processed;
}

serveRequests(handle);
