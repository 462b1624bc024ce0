import type { MeasuredFrame, MeasureTask, VideoTask } from './object-messages.ts';
import { clamp, type SettingRange, toScale } from './search.rules.ts';
import {
  CRF_RANGES,
  FAR,
  FASTEST_PRESET,
  measureSlope,
  planSearch,
  type SegmentProbe,
  solveTitle,
} from './title.rules.ts';

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
type Segment = NonNullable<MeasureTask['part']>;
export type Measure = (probe: Omit<MeasureTask, 'type'>) => Promise<MeasuredFrame[]>;

const meanSsim = (measured: readonly MeasuredFrame[]) =>
  measured.reduce((sum, { ssim }) => sum + ssim, 0) / measured.length;

/** The whole recording, encoded by the fastest preset: how its parts differ from it. */
class Pilot {
  readonly #measured: readonly MeasuredFrame[];

  constructor(measured: readonly MeasuredFrame[]) {
    this.#measured = measured;
  }

  static async run(task: VideoTask, setting: number, measure: Measure): Promise<Pilot> {
    const fast = { ...task, preset: FASTEST_PRESET };
    return new Pilot(await measure({ video: fast, setting, part: undefined, every: PILOT_EVERY }));
  }

  /** Where the slow preset should be tried first. */
  guess(target: number, range: SettingRange): number {
    const scale = toScale(meanSsim(this.#measured)) + SLOW_GAIN;
    return Math.round(clamp(range.first + (toScale(target) - scale) / range.slope, range));
  }

  shiftOf(segment: readonly MeasuredFrame[]): number {
    const [from, to] = [segment[0]!.seconds, segment.at(-1)!.seconds];
    const same = this.#measured.filter(({ seconds }) => seconds >= from && seconds <= to);
    return same.length ? toScale(meanSsim(this.#measured)) - toScale(meanSsim(same)) : 0;
  }
}

/** Results of the encodings of segments. Each segment is encoded with the setting that the ones before it led to. */
class Search {
  readonly #task: VideoTask;
  readonly #range: SettingRange;
  readonly #measureParts: Measure;
  readonly #pilot: Pilot | undefined;
  readonly #known: SegmentProbe[] = [];
  #slope: number;
  #setting: number;
  #probes: number;

  constructor(task: VideoTask, measure: Measure, pilot: Pilot | undefined) {
    this.#task = task;
    this.#range = CRF_RANGES[task.codec];
    this.#measureParts = measure;
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

  async #measure(part: Segment): Promise<SegmentProbe> {
    this.#probes++;
    const setting = this.#setting;
    const measured = await this.#measureParts({ video: this.#task, setting, part, every: 1 });
    return { setting, ssim: meanSsim(measured), shift: this.#pilot?.shiftOf(measured) ?? 0 };
  }
}

/** The setting at which the recording should reach the SSIM, from encodings of parts of it: see `title.rules.ts`. */
export async function chooseSetting(
  task: VideoTask,
  { durationSeconds, fps }: { durationSeconds: number; fps: number },
  measure: Measure,
  report: (fraction: number) => void,
): Promise<ChosenSetting> {
  const plan = planSearch(Math.floor(durationSeconds * fps), task.preset);
  if (!plan) return new Search(task, measure, undefined).chosen;
  const pilot = plan.hasPilot ? await Pilot.run(task, CRF_RANGES[task.codec].first, measure) : undefined;
  const search = new Search(task, measure, pilot);
  for (let i = 0; i < plan.segments; i++) {
    const atSeconds = ((i + 0.5) / plan.segments) * durationSeconds * USED_SHARE;
    await search.add({ atSeconds, frames: plan.frames });
    report((i + 1) / plan.segments);
  }
  return search.chosen;
}
