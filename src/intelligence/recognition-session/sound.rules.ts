import type { SoundEncoding } from '../recognitions/index.ts';

/** Samples in a millisecond of PCM, each of two bytes. */
const PCM_BYTES_PER_MS = 32;
/** Longest packet of Opus (RFC 6716, 3.2.5), and most bytes of one of its frames (3.2.1). */
const MAX_PACKET_MS = 120;
const MAX_FRAME_BYTES = 1_275;
/** Shortest and longest message of PCM: shorter ones would only cause work. */
const MIN_MESSAGE_MS = 2.5;
const MAX_MESSAGE_MS = 2_000;

/** Milliseconds of a frame of Opus, by the configuration in its first byte (RFC 6716, table 2). */
function opusFrameMs(configuration: number): number {
  if (configuration < 12) return [10, 20, 40, 60][configuration & 3]!;
  if (configuration < 16) return [10, 20][configuration & 1]!;
  return [2.5, 5, 10, 20][configuration & 3]!;
}

/** Frames in a packet of Opus (RFC 6716, 3.2). */
function opusFrames(packet: Uint8Array): number {
  const code = packet[0]! & 3;
  if (code === 0) return 1;
  return code === 3 ? (packet[1] ?? 0) & 63 : 2;
}

/** The length of the sound of a message, in milliseconds; null for one that is not sound. */
export function soundMs(encoding: SoundEncoding, sound: Uint8Array): number | null {
  if (sound.length === 0) return null;
  if (encoding === 'pcm16') {
    const ms = sound.length / PCM_BYTES_PER_MS;
    return sound.length % 2 === 0 && ms >= MIN_MESSAGE_MS && ms <= MAX_MESSAGE_MS ? ms : null;
  }
  const frames = opusFrames(sound);
  const ms = opusFrameMs(sound[0]! >> 3) * frames;
  // In addition to its frames, a packet has one byte, and the lengths of the frames.
  const mostBytes = frames * (MAX_FRAME_BYTES + 2) + 2;
  return ms > 0 && ms <= MAX_PACKET_MS && sound.length <= mostBytes ? ms : null;
}
