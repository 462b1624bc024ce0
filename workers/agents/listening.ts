import { AudioStream, type RemoteTrack } from '@livekit/rtc-node';
import type { SpeechService } from './settings.ts';
import { TrackStream } from './track-stream.ts';

const RATE = 16_000;
/** Sound is sent in messages of this many samples, 32 ms, which is what the service decides on. */
const BLOCK = 512;

export interface Listener {
  /** Perhaps somebody has begun to speak; `onSpeech` follows within a tenth of a second when they have. */
  onSound: () => void;
  /** Somebody has begun to speak. */
  onSpeech: () => void;
  /** They have stopped; what they said is being recognized. */
  onPause: () => void;
  /** Sound of this many milliseconds was recognized, or left out; `onSentence` follows if there were words in it. */
  onRecognized: (ms: number) => void;
  /** A sentence that was said. */
  onSentence: (text: string) => void;
  log: (line: string) => void;
}

/**
 * Listens to one track: the speech service says when somebody begins to speak, and what each sentence is. It has a stream there only while the
 * track sounds.
 */
export async function listen(
  track: RemoteTrack,
  service: SpeechService,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const { url, headers } = service;
  // Node takes headers, which browsers do not.
  const connect = () =>
    new WebSocket(`${url.replace(/^http/, 'ws')}/v1/audio/stream`, { headers } as unknown as string[]);
  const stream = new TrackStream({ connect, now: () => performance.now(), listener });
  signal.addEventListener('abort', () => stream.close(), { once: true });
  let block = new Int16Array(0);
  for await (const { data } of new AudioStream(track, RATE, 1)) {
    if (signal.aborted) break;
    const joined = new Int16Array(block.length + data.length);
    joined.set(block);
    joined.set(data, block.length);
    block = joined;
    while (block.length >= BLOCK) {
      stream.push(block.slice(0, BLOCK));
      block = block.slice(BLOCK);
    }
  }
  stream.close();
}
