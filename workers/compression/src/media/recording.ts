import { open } from 'node:fs/promises';
import { Decoder, Demuxer } from 'node-av/api';
import { AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { avGetCodecName, type Frame, type Stream } from 'node-av/lib';
import { MAX_PIXELS } from '../frames/frames.rules.ts';
import { Refusal } from '../processes/serve-requests.ts';

/** Containers of recordings, by their first bytes; no playlists, which would name other files. */
const CONTAINERS: readonly { at: number; bytes: string; format: string }[] = [
  { at: 4, bytes: 'ftyp', format: 'mov' },
  { at: 0, bytes: '\u001aEß£', format: 'matroska' },
  { at: 0, bytes: 'OggS', format: 'ogg' },
  { at: 8, bytes: 'AVI ', format: 'avi' },
  { at: 0, bytes: 'G', format: 'mpegts' },
];
const MAX_STREAMS = 16;
const MAX_SECONDS = 24 * 3_600;

export interface Recording {
  demuxer: Demuxer;
  video: Stream;
  audio: Stream | undefined;
  facts: {
    /** As its container says. */
    durationSeconds: number;
    width: number;
    height: number;
    fps: number;
    videoCodec: string;
    audioCodec: string;
  };
  close(): Promise<void>;
}

async function detectContainer(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const start = buffer.toString('latin1');
    const found = CONTAINERS.find(({ at, bytes }) => start.startsWith(bytes, at));
    if (!found) throw new Refusal('the content is no video in MP4, MOV, WebM, Matroska, Ogg, AVI or MPEG-TS');
    return found.format;
  } finally {
    await file.close();
  }
}

const codecName = (stream: Stream | undefined) =>
  stream ? (avGetCodecName(stream.codecpar.codecId) ?? 'unknown') : '';

/** Opens a local file as the video that its content says it is. @throws Refusal */
export async function openRecording(path: string): Promise<Recording> {
  const format = await detectContainer(path);
  const demuxer = await Demuxer.open(path, {
    format,
    options: { protocol_whitelist: 'file', max_streams: MAX_STREAMS },
  }).catch(() => {
    throw new Refusal('the video cannot be read: it is damaged, cut off or not what its first bytes say');
  });
  const video = demuxer.video();
  const fault = findFault(demuxer, video);
  if (fault || !video) {
    await demuxer.close();
    throw new Refusal(fault ?? 'the file has no video');
  }
  const audio = demuxer.audio();
  const { num, den } = video.avgFrameRate;
  return {
    demuxer,
    video,
    audio,
    facts: {
      durationSeconds: demuxer.duration,
      width: video.codecpar.width,
      height: video.codecpar.height,
      fps: den > 0 ? num / den : 0,
      videoCodec: codecName(video),
      audioCodec: codecName(audio),
    },
    close: () => demuxer.close(),
  };
}

function findFault(demuxer: Demuxer, video: Stream | undefined): string | undefined {
  if (!video) return 'the file has no video';
  const { width, height } = video.codecpar;
  if (width < 16 || height < 16 || width * height > MAX_PIXELS)
    return `a video has at least 16 × 16 and at most ${MAX_PIXELS} pixels, not ${width} × ${height}`;
  if (!(demuxer.duration > 0 && demuxer.duration < MAX_SECONDS))
    return `a video lasts up to ${MAX_SECONDS} seconds, not ${demuxer.duration}`;
  return undefined;
}

export const openDecoder = (stream: Stream): Promise<Decoder> =>
  Decoder.create(stream, { threadCount: 2, options: { max_pixels: MAX_PIXELS } });

/** Frames that a decoder has ready. The caller frees each. */
export async function* receiveFrames(decoder: Decoder): AsyncGenerator<Frame> {
  for (;;) {
    const frame = await decoder.receive();
    if (!frame || !('width' in frame)) return;
    yield frame;
  }
}

/** The frames of the video from a moment on. The caller frees each. */
export async function* readFramesFrom(recording: Recording, atSeconds: number): AsyncGenerator<Frame> {
  const { demuxer, video } = recording;
  if (atSeconds > 0) await demuxer.seek(atSeconds, -1, AVSEEK_FLAG_BACKWARD);
  for await (const frame of readFrames(recording, video))
    if (secondsOf(frame, recording) < atSeconds) frame.free();
    else yield frame;
}

/** When a frame of the video is shown. */
export function secondsOf(frame: Frame, { video }: Recording): number {
  const { num, den } = frame.timeBase.num > 0 ? frame.timeBase : video.timeBase;
  return (Number(frame.pts) * num) / den;
}

/** The frames of one stream, from where the recording stands to its end. The caller frees each. */
export async function* readFrames({ demuxer }: Recording, stream: Stream): AsyncGenerator<Frame> {
  const decoder = await openDecoder(stream);
  try {
    for await (const packet of demuxer.packets(stream.index)) {
      if (!packet) continue; // the end: the decoder is flushed below
      await decoder.decode(packet);
      packet.free();
      yield* receiveFrames(decoder);
    }
    await decoder.flush();
    yield* receiveFrames(decoder);
  } finally {
    decoder.close();
  }
}
