/**
 * One participant in a process of its own, so that it can be killed without leaving the call first. `participant.ts`
 * controls it over IPC.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AudioFrame,
  AudioSource,
  AudioStream,
  DisconnectReason,
  LocalAudioTrack,
  type LocalTrack,
  LocalVideoTrack,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  VideoStream,
} from '@livekit/rtc-node';
import { pitchOf } from '../../../workers/local/egress/recorder/pitch.ts';
import type {
  Intrusion,
  ParticipantOrder,
  ReceivedMedia,
  ParticipantReply,
  ReceivedTrack,
  Traffic,
} from './participant.ts';

const SAMPLE_RATE = 48_000;
const AUDIO_FRAME_SAMPLES = SAMPLE_RATE / 100;
const TONE_HZ = 440;
const WIDTH = 320;
const HEIGHT = 180;
const VIDEO_FRAME_MS = 66;
const ATTEMPT_MS = 1_500;

const room = new Room();
const published = new Map<string, LocalTrack>();
const receivedTracks = new Map<string, ReceivedTrack>();
const data: ReceivedMedia['data'] = [];
const connection = { ended: null as string | null };
const mediaErrors: string[] = [];

/**
 * Lets media flow beside the commands. When the room is left or a track ends, its native part refuses to be read or fed
 * before its event arrives: that must not end the process, which is still leaving.
 */
function runInBackground(media: Promise<void>): void {
  media.catch((error: unknown) => mediaErrors.push(String(error)));
}

async function measureAudio(track: RemoteTrack, into: ReceivedTrack): Promise<void> {
  const second = new Int16Array(SAMPLE_RATE);
  let filled = 0;
  for await (const frame of new AudioStream(track, SAMPLE_RATE, 1)) {
    into.frames++;
    const fitting = frame.data.subarray(0, second.length - filled);
    second.set(fitting, filled);
    filled += fitting.length;
    if (filled < second.length) continue;
    into.hertz = pitchOf(second, SAMPLE_RATE);
    filled = 0;
  }
}

async function measureVideo(track: RemoteTrack, into: ReceivedTrack): Promise<void> {
  let before = -1;
  for await (const { frame } of new VideoStream(track)) {
    into.frames++;
    into.width = frame.width;
    into.height = frame.height;
    // The whole picture brightens and darkens, so that any of its pixels shows whether it moves.
    const brightness = frame.data[0] ?? 0;
    if (brightness !== before) into.changes++;
    before = brightness;
  }
}

room.on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
  const audio = track.kind === TrackKind.KIND_AUDIO;
  const into: ReceivedTrack = {
    from: participant.identity,
    kind: audio ? 'audio' : 'video',
    frames: 0,
    hertz: 0,
    width: 0,
    height: 0,
    changes: 0,
  };
  receivedTracks.set(publication.sid ?? '', into);
  runInBackground(audio ? measureAudio(track, into) : measureVideo(track, into));
});
room.on(RoomEvent.DataReceived, (payload, participant, _kind, topic) => {
  data.push({
    from: participant?.identity ?? null,
    topic: topic ?? '',
    text: Buffer.from(payload).toString(),
  });
});
room.on(RoomEvent.Disconnected, (reason) => {
  connection.ended = DisconnectReason[reason] ?? String(reason);
});

async function publishTone(): Promise<LocalAudioTrack> {
  const source = new AudioSource(SAMPLE_RATE, 1);
  let sample = 0;
  const play = async () => {
    while (connection.ended === null) {
      const frame = AudioFrame.create(SAMPLE_RATE, 1, AUDIO_FRAME_SAMPLES);
      for (let index = 0; index < AUDIO_FRAME_SAMPLES; index++, sample++)
        frame.data[index] = 8_000 * Math.sin((2 * Math.PI * TONE_HZ * sample) / SAMPLE_RATE);
      await source.captureFrame(frame); // paces itself
    }
  };
  runInBackground(play());
  return LocalAudioTrack.createAudioTrack('tone', source);
}

const SPEECH_RATE = 16_000;
const SPEECH_FRAME = SPEECH_RATE / 100;
const WAV_HEADER = 44;
/** What the open microphone says next; silence otherwise. */
let speech: { samples: Int16Array; at: number; said: () => void } | undefined;

/** A microphone that is open from now on. */
async function openMicrophone(): Promise<void> {
  const source = new AudioSource(SPEECH_RATE, 1);
  const track = LocalAudioTrack.createAudioTrack('voice', source);
  await getLocalParticipant().publishTrack(
    track,
    new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
  );
  const play = async () => {
    while (connection.ended === null) {
      const frame = AudioFrame.create(SPEECH_RATE, 1, SPEECH_FRAME);
      if (speech) {
        frame.data.set(speech.samples.subarray(speech.at, speech.at + SPEECH_FRAME));
        speech.at += SPEECH_FRAME;
        if (speech.at >= speech.samples.length) {
          speech.said();
          speech = undefined;
        }
      }
      await source.captureFrame(frame); // paces itself
    }
  };
  runInBackground(play());
}

let microphone: Promise<void> | undefined;
async function speak(file: string): Promise<void> {
  microphone ??= openMicrophone();
  await microphone;
  const bytes = new Uint8Array(await readFile(file)).slice(WAV_HEADER);
  const { promise, resolve } = Promise.withResolvers<void>();
  speech = { samples: new Int16Array(bytes.buffer, 0, bytes.length >> 1), at: 0, said: resolve };
  return promise;
}

async function publishPattern(): Promise<LocalVideoTrack> {
  const source = new VideoSource(WIDTH, HEIGHT);
  const play = async () => {
    for (let step = 0; connection.ended === null; step++) {
      const pixels = new Uint8Array((WIDTH * HEIGHT * 3) / 2)
        .fill(128)
        .fill(40 + ((step * 9) % 160), 0, WIDTH * HEIGHT);
      source.captureFrame(new VideoFrame(pixels, WIDTH, HEIGHT, VideoBufferType.I420));
      await sleep(VIDEO_FRAME_MS);
    }
  };
  runInBackground(play());
  return LocalVideoTrack.createVideoTrack('pattern', source);
}

async function publish(kind: 'audio' | 'video'): Promise<string> {
  const track = kind === 'audio' ? await publishTone() : await publishPattern();
  const source = kind === 'audio' ? TrackSource.SOURCE_MICROPHONE : TrackSource.SOURCE_CAMERA;
  const options = new TrackPublishOptions({ source, simulcast: false });
  const publication = await getLocalParticipant().publishTrack(track, options);
  const sid = publication.sid ?? '';
  published.set(sid, track);
  return sid;
}

function getLocalParticipant() {
  if (!room.localParticipant) throw new Error('not in a room');
  return room.localParticipant;
}

/** Connects again at once, each time that the connection ended or could not be made. */
async function intrude(url: string, token: string, forMs: number): Promise<Intrusion> {
  const endMs = performance.now() + forMs;
  const intrusion: Intrusion = { attempts: 0, connections: 0, connectedMs: 0, tracks: 0 };
  while (performance.now() < endMs) {
    const own = new Room();
    own.on(RoomEvent.TrackSubscribed, () => void intrusion.tracks++);
    const ended = new Promise((resolve) => own.once(RoomEvent.Disconnected, resolve));
    intrusion.attempts++;
    const connected = own.connect(url, token, { autoSubscribe: true, dynacast: false }).then(
      () => true,
      () => false,
    );
    // The library itself waits for many seconds after an attempt that the server ended.
    if (await Promise.race([connected, sleep(ATTEMPT_MS, false)])) {
      const sinceMs = performance.now();
      intrusion.connections++;
      await Promise.race([ended, sleep(Math.max(0, endMs - sinceMs))]);
      intrusion.connectedMs += performance.now() - sinceMs;
    }
    await own.disconnect().catch(() => undefined);
  }
  return intrusion;
}

/** The library mutes nothing itself; its native part does. */
function mute(sid: string, muted: boolean): void {
  const track = published.get(sid);
  if (!track) throw new Error(`there is no track ${sid}`);
  globalThis._ffiClientInstance?.request({
    message: { case: 'localTrackMute', value: { trackHandle: track.ffi_handle.handle, mute: muted } },
  });
}

async function receivedBytes(): Promise<number> {
  const { publisherStats, subscriberStats } = await room.getRtcStats();
  const bytes = [...publisherStats, ...subscriberStats].map(({ stats }) =>
    stats.case === 'inboundRtp' ? Number(stats.value.inbound?.bytesReceived ?? 0) : 0,
  );
  return bytes.reduce((sum, each) => sum + each, 0);
}

/** The bytes of media packets with their headers, until now. */
async function readTraffic(): Promise<Traffic> {
  const { publisherStats, subscriberStats } = await room.getRtcStats();
  const traffic = { sentBytes: 0, receivedBytes: 0 };
  for (const { stats } of [...publisherStats, ...subscriberStats]) {
    if (stats.case === 'outboundRtp')
      traffic.sentBytes +=
        Number(stats.value.sent?.bytesSent ?? 0) + Number(stats.value.outbound?.headerBytesSent ?? 0);
    if (stats.case === 'inboundRtp')
      traffic.receivedBytes +=
        Number(stats.value.inbound?.bytesReceived ?? 0) +
        Number(stats.value.inbound?.headerBytesReceived ?? 0);
  }
  return traffic;
}

async function leave(): Promise<Traffic> {
  const traffic = await readTraffic();
  await room.disconnect();
  return traffic;
}

async function executeOrder(order: ParticipantOrder): Promise<unknown> {
  switch (order.do) {
    case 'join':
      await room.connect(order.url, order.token, { autoSubscribe: true, dynacast: false });
      return getLocalParticipant().sid;
    case 'intrude':
      return intrude(order.url, order.token, order.forMs);
    case 'publish':
      return publish(order.kind);
    case 'speak':
      return speak(order.file);
    case 'unpublish':
      return getLocalParticipant().unpublishTrack(order.sid);
    case 'mute':
      return mute(order.sid, order.muted);
    case 'say':
      return getLocalParticipant().publishData(Buffer.from(order.text), {
        reliable: true,
        topic: order.topic,
      });
    case 'leave':
      return leave();
    case 'report':
      return {
        // A participant who is being disconnected has no statistics.
        bytes: room.isConnected ? await receivedBytes().catch(() => 0) : 0,
        tracks: [...receivedTracks.values()],
        people: [...room.remoteParticipants.keys()],
        data,
        disconnected: connection.ended,
        mediaErrors,
      } satisfies ReceivedMedia;
  }
}

process.on('message', (order: ParticipantOrder) => {
  executeOrder(order).then(
    (value) => process.send?.({ id: order.id, value } satisfies ParticipantReply),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) } satisfies ParticipantReply),
  );
});
process.on('disconnect', () => process.exit());
