/**
 * A person in one call: they speak what is in files, and agents are recorded. `speaking-process.ts URL TOKEN` takes commands from standard
 * input, `say FILE` (PCM, 16 kHz), `write FILE`, `share` (a screen that is half red and half blue) and `unshare`, and prints what happens, a
 * JSON line each.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import { i420 } from '../../support/i420.ts';

const RATE = 16_000;
const BLOCK = RATE / 50;
const BLOCK_MS = 20;
const LOUD = 300;
/** What is softer than this share of the loudest sound of a file is breath and noise of its recording. */
const SPOKEN = 0.05;
/** So many quiet blocks end a sound: a second. */
const QUIET_BLOCKS = 50;

const print = (event: string, fields: object = {}) =>
  process.stdout.write(`${JSON.stringify({ event, at: Date.now(), ...fields })}\n`);

const [, , url = '', token = ''] = process.argv;
const room = new Room();
const source = new AudioSource(RATE, 1, 60);
const recorded: Int16Array[] = [];

room
  .on(RoomEvent.ParticipantConnected, ({ identity, name }) => print('joined', { identity, name }))
  .on(RoomEvent.ParticipantDisconnected, ({ identity }) => print('left', { identity }))
  .on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => {
    if (track.kind === TrackKind.KIND_AUDIO && identity.startsWith('agt_'))
      record(new AudioStream(track, RATE, 1)).catch((error: unknown) =>
        print('lost', { error: String(error) }),
      );
  });

const peakOf = (samples: Int16Array): number =>
  samples.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);

async function record(stream: AudioStream): Promise<void> {
  let quiet = QUIET_BLOCKS;
  let endedAt = 0;
  for await (const { data } of stream) {
    recorded.push(data.slice());
    const isLoud = peakOf(data) > LOUD;
    if (isLoud && quiet >= QUIET_BLOCKS) print('sound');
    const before = quiet;
    quiet = isLoud ? 0 : quiet + data.length / BLOCK;
    if (isLoud) endedAt = Date.now();
    if (before < QUIET_BLOCKS && quiet >= QUIET_BLOCKS) print('quiet', { endedAt });
  }
}

interface Block {
  samples: Int16Array;
  /** Whether somebody speaks in it. */
  isSpoken: boolean;
}

let waiting: Block[] = [];
const silence: Block = { samples: new Int16Array(BLOCK), isSpoken: false };

/** Sends what is to be said, and silence otherwise, as a microphone does; files are silent at their beginning and end. */
async function send(): Promise<void> {
  let [isSpeaking, endedAt] = [false, 0];
  while (room.isConnected) {
    const block = waiting.shift();
    // It leaves after what waits already.
    const leavesAt = Math.round(Date.now() + source.queuedDuration);
    if (block?.isSpoken) {
      if (endedAt === 0) print('sounding', { beganAt: leavesAt });
      endedAt = leavesAt + BLOCK_MS;
    }
    if (isSpeaking && !block) {
      print('spoke', { endedAt });
      endedAt = 0;
    }
    isSpeaking = block !== undefined;
    await source.captureFrame(new AudioFrame((block ?? silence).samples, RATE, 1, BLOCK)); // paces itself
  }
}

async function say(file: string): Promise<void> {
  const bytes = await readFile(file);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  recorded.length = 0;
  print('speaking');
  const loudest = peakOf(samples);
  waiting = Array.from({ length: Math.ceil(samples.length / BLOCK) }, (_, at) => {
    const block = new Int16Array(BLOCK);
    block.set(samples.subarray(at * BLOCK, (at + 1) * BLOCK));
    return { samples: block, isSpoken: peakOf(block) > SPOKEN * loudest };
  });
}

/** No multiple of the sizes in which videos are coded. */
const SCREEN = { width: 854, height: 478 };
const SCREEN_MS = 200;
let shared: { sid: string; hasEnded: boolean } | undefined;

async function share(): Promise<void> {
  const { width, height } = SCREEN;
  const source = new VideoSource(width, height);
  const publication = await room.localParticipant!.publishTrack(
    LocalVideoTrack.createVideoTrack('screen', source),
    new TrackPublishOptions({ source: TrackSource.SOURCE_SCREENSHARE, simulcast: false }),
  );
  const screen = { sid: publication.sid!, hasEnded: false };
  shared = screen;
  const { data } = i420(width, height, (x) => (x * 2 < width ? [255, 0, 0] : [0, 0, 255]));
  print('shared');
  while (!screen.hasEnded) {
    source.captureFrame(new VideoFrame(data, width, height, VideoBufferType.I420));
    await sleep(SCREEN_MS);
  }
  await source.close();
}

async function unshare(): Promise<void> {
  shared!.hasEnded = true;
  await room.localParticipant!.unpublishTrack(shared!.sid);
  print('unshared');
}

await room.connect(url, token, { autoSubscribe: true, dynacast: false });
const track = LocalAudioTrack.createAudioTrack('microphone', source);
await room.localParticipant!.publishTrack(
  track,
  new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
);
print('connected');
void send();
for await (const line of createInterface({ input: process.stdin })) {
  const [command, file = ''] = line.split(' ');
  if (command === 'say') void say(file);
  if (command === 'share') void share();
  if (command === 'unshare') void unshare();
  if (command === 'write') {
    await writeFile(
      file,
      Buffer.concat(
        recorded.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
      ),
    );
    print('written');
  }
}
await room.disconnect();
process.exit();
