/**
 * A telephone in one call: rings, is answered and sends a tone, or leaves before, for the reason that its plan names. It reads the plan from
 * the first line of standard input, and hangs up with a later one. The SIP worker runs it.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { FfiRequest, livekitFfiRequest } from '@livekit/rtc-ffi-bindings';
import {
  AudioFrame,
  AudioSource,
  DisconnectReason,
  dispose,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { printEvent } from './plan.ts';

/** Requests of the SIP worker. */
interface PhonePlan {
  /** Where LiveKit is, `ws://…`, and the token of the participant. */
  url: string;
  token: string;
  /** Why it leaves before an answer, as LiveKit calls it; empty when it is answered. */
  leaves: keyof typeof DisconnectReason | '';
  /** How long somebody talks before they hang up; 0: until the other side does. */
  talkSeconds: number;
  /** How long it rings before that; 0: three seconds. */
  ringSeconds: number;
  /** Whether it called in, and does not ring. */
  isAnswered: boolean;
}

const SAMPLE_RATE = 48_000;
const TONE_HZ = 440;
const BLOCK = SAMPLE_RATE / 50;
const STATUS = 'sip.callStatus';

const ended = Promise.withResolvers<void>();
const { signal } = watchEnd();

function watchEnd(): AbortController {
  const controller = new AbortController();
  void ended.promise.then(() => controller.abort());
  return controller;
}

async function readPlan(): Promise<PhonePlan> {
  const lines = createInterface({ input: process.stdin });
  const first = Promise.withResolvers<PhonePlan>();
  lines.once('line', (line) => {
    first.resolve(JSON.parse(line) as PhonePlan);
    lines.once('line', () => ended.resolve());
  });
  lines.once('close', () => ended.resolve());
  return first.promise;
}

async function sendTone(room: Room): Promise<void> {
  const source = new AudioSource(SAMPLE_RATE, 1);
  const track = LocalAudioTrack.createAudioTrack('telephone', source);
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
  await room.localParticipant!.publishTrack(track, options);
  for (let block = 0; !signal.aborted; block++) {
    const samples = new Int16Array(BLOCK).map((_, index) => {
      const at = (block * BLOCK + index) / SAMPLE_RATE;
      return Math.round(Math.sin(2 * Math.PI * TONE_HZ * at) * 8_000);
    });
    await source.captureFrame(new AudioFrame(samples, SAMPLE_RATE, 1, BLOCK)); // paces itself
  }
}

/** Leaves for a reason, which the SDK itself has no parameter for. */
async function leave(room: Room, reason: DisconnectReason): Promise<void> {
  const { ffiHandle } = room as unknown as { ffiHandle: { handle: bigint } };
  const request = new FfiRequest({
    message: { case: 'disconnect', value: { roomHandle: ffiHandle.handle, reason } },
  });
  livekitFfiRequest(request.toBinary());
  await Promise.race([ended.promise, sleep(2_000)]);
}

const plan = await readPlan();
const room = new Room();
room.on(RoomEvent.Disconnected, () => ended.resolve());
await room.connect(plan.url, plan.token, { autoSubscribe: false, dynacast: false });
const show = (status: string) => room.localParticipant!.setAttributes({ [STATUS]: status });
printEvent({ event: 'active', extension: '' });
if (!plan.isAnswered) {
  await Promise.race([ended.promise, sleep(1_000)]);
  if (!signal.aborted) await show('ringing');
  await Promise.race([ended.promise, sleep((plan.ringSeconds || 3) * 1_000)]);
}
if (!signal.aborted && plan.leaves !== '') await leave(room, DisconnectReason[plan.leaves]);
else if (!signal.aborted) {
  await show('active');
  if (plan.talkSeconds > 0) setTimeout(() => ended.resolve(), plan.talkSeconds * 1_000);
  await sendTone(room);
}
printEvent({ event: 'ended', durationMs: 0 });
await room.disconnect();
await dispose();
process.exit();
