import type { Frame } from 'node-av/lib';
import { openRecording, readFrames, readFramesFrom, type Recording, secondsOf } from '../media/recording.ts';
import { Refusal } from '../processes/serve-requests.ts';
import { type MeasuredFrame, measureEncoding } from './measure-encoding.ts';
import type { VideoTask } from './object-messages.ts';
import { clamp, type SettingRange, toScale } from './search.rules.ts';
import { FAR, measureSlope, planSearch, type SegmentProbe, solveTitle } from './title.rules.ts';
import { CRF_RANGES, FASTEST_PRESET } from './video-encoder.ts';

/** One frame of three of the pilot is compared: in each the same share of all kinds of frames. */
const PILOT_EVERY = 3;
/** How far a slow preset is above the fastest on the scale, before a segment has shown it. */
const SLOW_GAIN = 0.38;
/** The last segment must not be cut short by the end. */
const USED_SHARE = 0.95;

export interface ChosenSetting {
  setting: number;
  probes: number;
}

/** Some frames of the recording, one after the other. */
interface Segment {
  part: Recording;
  frames: Frame[];
}

const meanSsim = (measured: readonly MeasuredFrame[]) =>
  measured.reduce((sum, { ssim }) => sum + ssim, 0) / measured.length;

async function readSegment(input: string, atSeconds: number, count: number): Promise<Segment> {
  const part = await openRecording(input);
  const frames: Frame[] = [];
  for await (const frame of readFramesFrom(part, atSeconds)) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  if (frames.length === 0) throw new Refusal('the video ends before its container says so');
  return { part, frames };
}

/** The whole recording, encoded by the fastest preset: how its parts differ from it. */
class Pilot {
  readonly #measured: readonly MeasuredFrame[];

  constructor(measured: readonly MeasuredFrame[]) {
    this.#measured = measured;
  }

  static async run(task: VideoTask, setting: number): Promise<Pilot> {
    const recording = await openRecording(task.input);
    async function* frames() {
      for await (const frame of readFrames(recording, recording.video)) {
        yield frame;
        frame.free();
      }
    }
    const fast = { ...task, preset: FASTEST_PRESET };
    try {
      return new Pilot(await measureEncoding(fast, setting, frames(), recording, PILOT_EVERY));
    } finally {
      await recording.close();
    }
  }

  /** Where the slow preset should be tried first. */
  guess(target: number, range: SettingRange): number {
    const scale = toScale(meanSsim(this.#measured)) + SLOW_GAIN;
    return Math.round(clamp(range.first + (toScale(target) - scale) / range.slope, range));
  }

  shiftOf({ part, frames }: Segment): number {
    const [from, to] = [secondsOf(frames[0]!, part), secondsOf(frames.at(-1)!, part)];
    const same = this.#measured.filter(({ seconds }) => seconds >= from && seconds <= to);
    return same.length ? toScale(meanSsim(this.#measured)) - toScale(meanSsim(same)) : 0;
  }
}

/** What the encodings of segments have shown. Each segment is encoded where the ones before it led to. */
class Search {
  readonly #task: VideoTask;
  readonly #range: SettingRange;
  readonly #pilot: Pilot | undefined;
  readonly #known: SegmentProbe[] = [];
  #slope: number;
  #setting: number;
  #probes: number;

  constructor(task: VideoTask, pilot: Pilot | undefined) {
    this.#task = task;
    this.#range = CRF_RANGES[task.codec];
    this.#pilot = pilot;
    this.#slope = this.#range.slope;
    this.#setting = pilot?.guess(task.minSsim, this.#range) ?? this.#range.first;
    this.#probes = pilot ? 1 : 0;
  }

  get chosen(): ChosenSetting {
    return { setting: this.#setting, probes: this.#probes };
  }

  async add(segment: Segment): Promise<void> {
    const probe = await this.#measure(segment);
    this.#known.push(probe);
    this.#solve();
    const isFar = Math.abs(this.#setting - probe.setting) > FAR;
    if (this.#known.length > 1 || this.#pilot || !isFar) return;
    const nearer = await this.#measure(segment);
    this.#slope = measureSlope(probe, nearer, this.#range);
    this.#known[0] = nearer;
    this.#solve();
  }

  #solve(): void {
    this.#setting = solveTitle(this.#known, this.#task.minSsim, this.#slope, this.#range);
  }

  async #measure(segment: Segment): Promise<SegmentProbe> {
    this.#probes++;
    const measured = await measureEncoding(this.#task, this.#setting, segment.frames, segment.part);
    const shift = this.#pilot?.shiftOf(segment) ?? 0;
    return { setting: this.#setting, ssim: meanSsim(measured), shift };
  }
}

/** The setting at which the recording should reach the SSIM, from encodings of parts of it: see `title.rules.ts`. */
export async function chooseSetting(
  task: VideoTask,
  { facts }: Recording,
  report: (fraction: number) => void,
): Promise<ChosenSetting> {
  const plan = planSearch(Math.floor(facts.durationSeconds * facts.fps), task.preset);
  if (!plan) return new Search(task, undefined).chosen;
  const pilot = plan.hasPilot ? await Pilot.run(task, CRF_RANGES[task.codec].first) : undefined;
  const search = new Search(task, pilot);
  for (let i = 0; i < plan.segments; i++) {
    const at = ((i + 0.5) / plan.segments) * facts.durationSeconds * USED_SHARE;
    const segment = await readSegment(task.input, at, plan.frames);
    try {
      await search.add(segment);
    } finally {
      for (const frame of segment.frames) frame.free();
      await segment.part.close();
    }
    report((i + 1) / plan.segments);
  }
  return search.chosen;
}
