/**
 * Records one call into a file, as a hidden participant: reads its plan from the first line of standard input, and a
 * command to stop from a later one. The egress worker runs it.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { dispose } from '@livekit/rtc-node';
import { AV_LOG_ERROR, Log } from 'node-av';
import { BLOCK_SAMPLES, SAMPLE_RATE } from './audio-mixer.ts';
import { CallMedia } from './call-media.ts';
import { Canvas } from './canvas.ts';
import { type Extension, FileWriter } from './file-writer.ts';
import { type Plan, printEvent } from './plan.ts';

const TICK_MS = 10;

const stopped = Promise.withResolvers<void>();
let isStopped = false;
void stopped.promise.then(() => (isStopped = true));

async function readPlan(): Promise<Plan> {
  const lines = createInterface({ input: process.stdin });
  const first = Promise.withResolvers<Plan>();
  lines.once('line', (line) => {
    first.resolve(JSON.parse(line) as Plan);
    lines.on('line', () => stopped.resolve()); // there is one command
  });
  lines.once('close', () => stopped.resolve());
  return first.promise;
}

function extensionOf({ single, video }: Plan, media: CallMedia): Extension {
  if (!single) return video ? '.mp4' : '.ogg';
  return media.firstKind === 'audio' ? '.ogg' : '.webm';
}

/** The file that is written, and how far it is. */
class Recording {
  readonly #plan: Plan;
  readonly #media: CallMedia;
  readonly #canvas: Canvas;
  readonly #writer: FileWriter;
  /** Number of the next picture. */
  #pictures = 0;

  private constructor(plan: Plan, media: CallMedia, writer: FileWriter) {
    this.#plan = plan;
    this.#media = media;
    this.#writer = writer;
    // A single track keeps its size.
    const { width, height } = (plan.single && media.tiles()[0]?.picture) || plan.picture;
    this.#canvas = new Canvas(width, height);
  }

  static async open(plan: Plan, media: CallMedia, extension: Extension): Promise<Recording> {
    const isSound = plan.single && media.firstKind === 'audio';
    const { file, audioBps, videoBps } = plan;
    const writer = await FileWriter.open({
      file,
      extension,
      hasAudio: plan.audio && (!plan.single || isSound),
      hasVideo: plan.video && !isSound,
      frameRate: plan.picture.frameRate,
      audioBps,
      videoBps,
    });
    return new Recording(plan, media, writer);
  }

  /** Writes what is due after so many seconds. */
  async writeUntil(seconds: number): Promise<void> {
    const writer = this.#writer;
    const lastBlockAt = writer.hasAudio ? seconds - BLOCK_SAMPLES / SAMPLE_RATE : -1;
    while (writer.audioSeconds <= lastBlockAt) await writer.writeAudio(this.#media.mixer.mix());
    // When pictures cannot be encoded as fast as they come, some are left out.
    const due = Math.floor(seconds * this.#plan.picture.frameRate);
    if (!writer.hasVideo || due < this.#pictures) return;
    this.#canvas.draw(this.#media.tiles(), this.#media.layout);
    await writer.writeVideo(this.#canvas, due);
    this.#pictures = due + 1;
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

/** Writes until it is stopped; resolves with the seconds that were written. */
async function record(plan: Plan, media: CallMedia): Promise<number> {
  const extension = extensionOf(plan, media);
  const recording = await Recording.open(plan, media, extension);
  const startedAt = performance.now();
  printEvent({ event: 'active', extension });
  let endsAt = Number.POSITIVE_INFINITY;
  void stopped.promise.then(() => (endsAt = performance.now()));
  for (;;) {
    const isLast = isStopped;
    await recording.writeUntil((Math.min(performance.now(), endsAt) - startedAt) / 1000);
    if (isLast) break;
    await Promise.race([sleep(TICK_MS), stopped.promise]);
  }
  await recording.close();
  return (endsAt - startedAt) / 1000;
}

Log.setLevel(AV_LOG_ERROR);
const plan = await readPlan();
const media = new CallMedia(plan);
const firstMedia = new Promise<void>((resolve) => (media.onFirstMedia = resolve));
media.onGone = () => {
  if (isStopped) return;
  printEvent({ event: 'ending' });
  stopped.resolve();
};
await media.join();
await Promise.race([firstMedia, stopped.promise]);
const seconds = isStopped ? 0 : await record(plan, media);
printEvent({ event: 'ended', durationMs: Math.round(seconds * 1000) });
const { user, system } = process.cpuUsage();
console.error(`recorded ${seconds.toFixed(1)} s in ${((user + system) / 1e6).toFixed(1)} s of a processor`);
await media.leave();
await dispose();
process.exit();
