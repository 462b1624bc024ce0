/**
 * Records one call into a file, or sends it to addresses, as a hidden participant: reads its plan from the first line of
 * standard input, and commands from later ones. The egress worker runs it.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { dispose } from '@livekit/rtc-node';
import { AV_LOG_ERROR, AV_LOG_FATAL, Log } from 'node-av';
import { BLOCK_SAMPLES, SAMPLE_RATE } from './audio-mixer.ts';
import { CallMedia } from './call-media.ts';
import { Canvas } from './canvas.ts';
import { type Extension, type FileSettings, FileWriter } from './file-writer.ts';
import { LiveOutputs } from './live-outputs.ts';
import { type Command, type Plan, printEvent } from './plan.ts';

const TICK_MS = 10;
const ASK_AGAIN_MS = 2_000;

const stopped = Promise.withResolvers<void>();
let isStopped = false;
void stopped.promise.then(() => (isStopped = true));

type TargetCommand = Exclude<Command, { do: 'stop' }>;
/** Commands about addresses wait here until the first media is there. */
const early: TargetCommand[] = [];
let changeTarget = (command: TargetCommand): void => void early.push(command);

function obey(command: Command): void {
  if (command.do === 'stop') stopped.resolve();
  else changeTarget(command);
}

async function readPlan(): Promise<Plan> {
  const lines = createInterface({ input: process.stdin });
  const first = Promise.withResolvers<Plan>();
  lines.once('line', (line) => {
    first.resolve(JSON.parse(line) as Plan);
    lines.on('line', (command) => obey(JSON.parse(command) as Command));
  });
  lines.once('close', () => stopped.resolve());
  return first.promise;
}

const isLive = ({ targets, segments }: Plan): boolean => targets.length > 0 || segments !== null;

function extensionOf(plan: Plan, media: CallMedia): Extension {
  const { single, video } = plan;
  if (isLive(plan)) return '.flv';
  if (!single) return video ? '.mp4' : '.ogg';
  return media.firstKind === 'audio' ? '.ogg' : '.webm';
}

/** The outputs, their destinations and their progress. */
class Recording {
  readonly #plan: Plan;
  readonly #media: CallMedia;
  readonly #canvas: Canvas;
  readonly #writer: FileWriter | LiveOutputs;
  readonly #hasAudio: boolean;
  readonly #hasVideo: boolean;
  /** Blocks of sound that are mixed, and number of the next picture. */
  #blocks = 0;
  #pictures = 0;

  private constructor(
    plan: Plan,
    media: CallMedia,
    writer: FileWriter | LiveOutputs,
    settings: FileSettings,
  ) {
    this.#plan = plan;
    this.#hasAudio = settings.hasAudio;
    this.#hasVideo = settings.hasVideo;
    this.#media = media;
    this.#writer = writer;
    // A single track keeps its size.
    const { width, height } = (plan.single && media.tiles()[0]?.picture) || plan.picture;
    this.#canvas = new Canvas(width, height);
  }

  static async open(plan: Plan, media: CallMedia, extension: Extension): Promise<Recording> {
    const isSound = plan.single && media.firstKind === 'audio';
    const { file, audioBps, videoBps } = plan;
    const settings = {
      file,
      extension,
      hasAudio: plan.audio && (!plan.single || isSound),
      hasVideo: plan.video && !isSound,
      frameRate: plan.picture.frameRate,
      audioBps,
      videoBps,
    };
    if (!isLive(plan)) return new Recording(plan, media, await FileWriter.open(settings), settings);
    const outputs = new LiveOutputs(plan, settings);
    changeTarget = (command) => {
      if (command.do === 'add') outputs.add(command);
      else void outputs.remove(command.id);
    };
    for (const command of early) changeTarget(command);
    return new Recording(plan, media, outputs, settings);
  }

  /** Writes everything that is due after this many seconds. */
  async writeUntil(seconds: number): Promise<void> {
    const writer = this.#writer;
    const due = (this.#hasAudio ? seconds * SAMPLE_RATE : 0) - BLOCK_SAMPLES;
    for (; this.#blocks * BLOCK_SAMPLES <= due; this.#blocks++)
      await writer.writeAudio(this.#media.mixer.mix());
    // When pictures cannot be encoded as fast as they come, some are left out.
    const picture = Math.floor(seconds * this.#plan.picture.frameRate);
    if (!this.#hasVideo || picture < this.#pictures) return;
    this.#canvas.draw(this.#media.tiles(), this.#media.layout);
    await writer.writeVideo(this.#canvas, picture);
    this.#pictures = picture + 1;
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

const plan = await readPlan();
// FFmpeg logs addresses with the key and the passphrase in them.
Log.setLevel(isLive(plan) ? AV_LOG_FATAL : AV_LOG_ERROR);
const media = new CallMedia(plan);
const firstMedia = new Promise<void>((resolve) => (media.onFirstMedia = resolve));
media.onGone = () => {
  if (isStopped) return;
  printEvent({ event: 'ending' });
  stopped.resolve();
};
await media.join();
// A request in the moment of joining may be lost on a busy machine.
const asking = setInterval(() => media.subscribe(), ASK_AGAIN_MS);
await Promise.race([firstMedia, stopped.promise]);
clearInterval(asking);
const seconds = isStopped ? 0 : await record(plan, media);
printEvent({ event: 'ended', durationMs: Math.round(seconds * 1000) });
const { user, system } = process.cpuUsage();
console.error(`recorded ${seconds.toFixed(1)} s in ${((user + system) / 1e6).toFixed(1)} s of a processor`);
await media.leave();
await dispose();
process.exit();
