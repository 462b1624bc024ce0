/**
 * Publishes the sound and pictures of an address or of a pipe into one call, at the speed at which they are to be played: reads its plan
 * from the first line of standard input, and ends with a later one. The ingress worker runs it.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AudioFrame,
  AudioSource,
  dispose,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import { AV_LOG_ERROR, Decoder, Demuxer, FilterAPI, type Frame, Log, type Stream } from 'node-av';
import { printEvent } from './plan.ts';

/** Requests of the ingress worker. */
interface PublishPlan {
  /** Where LiveKit is, `ws://…`, and the token of the participant. */
  url: string;
  token: string;
  /** The address that FFmpeg opens: `https://…`, or `/dev/fd/3`. */
  source: string;
}

const SAMPLE_RATE = 48_000;
const CHANNELS = 2;
const SOUND = `aresample=${SAMPLE_RATE},aformat=sample_fmts=s16:channel_layouts=stereo`;
/** Larger pictures are made smaller, so that any machine can encode them. */
const PICTURES = "scale='min(640,iw)':-2,format=yuv420p";

const ended = Promise.withResolvers<void>();
let isEnded = false;
void ended.promise.then(() => (isEnded = true));
let isActive = false;

async function readPlan(): Promise<PublishPlan> {
  const lines = createInterface({ input: process.stdin });
  const first = Promise.withResolvers<PublishPlan>();
  lines.once('line', (line) => {
    first.resolve(JSON.parse(line) as PublishPlan);
    lines.once('line', () => ended.resolve());
  });
  lines.once('close', () => ended.resolve());
  return first.promise;
}

function noteMedia(): void {
  if (!isActive) printEvent({ event: 'active', extension: '' });
  isActive = true;
}

async function* framesOf(input: Demuxer, stream: Stream, filter: string): AsyncGenerator<Frame> {
  using decoder = await Decoder.create(stream);
  using filtered = FilterAPI.create(filter);
  for await (const frame of filtered.frames(decoder.frames(input.packets(stream.index)))) {
    if (!frame) return;
    if (!isEnded) yield frame;
    frame.free();
    if (isEnded) return;
  }
}

async function publishSound(room: Room, input: Demuxer, stream: Stream): Promise<void> {
  const source = new AudioSource(SAMPLE_RATE, CHANNELS);
  const track = LocalAudioTrack.createAudioTrack('sound', source);
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
  await room.localParticipant!.publishTrack(track, options);
  for await (const frame of framesOf(input, stream, SOUND)) {
    const plane = frame.data![0]!;
    const samples = new Int16Array(frame.nbSamples * CHANNELS);
    new Uint8Array(samples.buffer).set(plane.subarray(0, samples.byteLength));
    await source.captureFrame(new AudioFrame(samples, SAMPLE_RATE, CHANNELS, frame.nbSamples)); // paces itself
    noteMedia();
  }
}

/** The picture without what each row may have behind its last pixel. */
function toI420(frame: Frame): Uint8Array {
  const { width, height } = frame;
  const pixels = new Uint8Array((width * height * 3) / 2);
  let at = 0;
  for (const [plane, columns, rows] of [
    [0, width, height],
    [1, width / 2, height / 2],
    [2, width / 2, height / 2],
  ] as const)
    for (let row = 0; row < rows; row++, at += columns) {
      const from = row * frame.linesize[plane]!;
      pixels.set(frame.data![plane]!.subarray(from, from + columns), at);
    }
  return pixels;
}

async function publishPictures(room: Room, input: Demuxer, stream: Stream): Promise<void> {
  let source: VideoSource | undefined;
  let beganAt = 0;
  for await (const frame of framesOf(input, stream, PICTURES)) {
    const { width, height, timeBase } = frame;
    const atMs = (Number(frame.pts) * timeBase.num * 1000) / timeBase.den;
    if (!source) {
      source = new VideoSource(width, height);
      const options = new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast: false });
      await room.localParticipant!.publishTrack(LocalVideoTrack.createVideoTrack('picture', source), options);
      beganAt = performance.now() - atMs;
    }
    await sleep(Math.max(0, beganAt + atMs - performance.now()));
    source.captureFrame(new VideoFrame(toI420(frame), width, height, VideoBufferType.I420));
    noteMedia();
  }
}

Log.setLevel(AV_LOG_ERROR);
const plan = await readPlan();
const room = new Room();
room.on(RoomEvent.Disconnected, () => ended.resolve());
await room.connect(plan.url, plan.token, { autoSubscribe: false, dynacast: false });
const input = await Demuxer.open(plan.source);
const [sound, pictures] = [input.audio(), input.video()];
const published = Promise.all([
  sound && publishSound(room, input, sound),
  pictures && publishPictures(room, input, pictures),
]);
await Promise.race([published, ended.promise]);
if (!isActive && !isEnded) throw new Error('there is neither sound nor picture');
printEvent({ event: 'ended', durationMs: 0 });
await room.disconnect();
await dispose();
process.exit();
