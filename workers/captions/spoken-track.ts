import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { FRAME, RATE } from '../agents/playback.ts';
import { framesOf } from '../agents/wav-frames.ts';

/** Sound that waits to be sent: enough for a process that is late by that much. */
const QUEUE_MS = 200;

/** The name of the track of a spoken language, by which clients find it. */
const nameOf = (language: string) => `translation:${language}`;

/** The track on which one language is spoken. */
export class SpokenTrack {
  readonly #room: Room;
  readonly #source: AudioSource;
  readonly sid: string;

  private constructor(room: Room, source: AudioSource, sid: string) {
    this.#room = room;
    this.#source = source;
    this.sid = sid;
  }

  static async publish(room: Room, language: string): Promise<SpokenTrack> {
    const source = new AudioSource(RATE, 1, QUEUE_MS);
    const track = LocalAudioTrack.createAudioTrack(nameOf(language), source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    const { sid } = await room.localParticipant!.publishTrack(track, options);
    if (sid === undefined) throw new Error(`the track of ${language} has no sid`);
    return new SpokenTrack(room, source, sid);
  }

  /** Plays the sound of a WAV file. @returns when it was played; at once when it is broken off */
  async play(sound: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const source = this.#source;
    const stop = () => source.clearQueue();
    signal.addEventListener('abort', stop);
    try {
      for await (const frame of framesOf(sound)) {
        if (signal.aborted) return;
        await source.captureFrame(new AudioFrame(frame, RATE, 1, FRAME));
      }
      if (!signal.aborted) await source.waitForPlayout();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async unpublish(): Promise<void> {
    await this.#room.localParticipant?.unpublishTrack(this.sid);
    await this.#source.close();
  }
}
