/** What the network does during a limited call, and what was measured of it. */
export const PHASES = [
  { name: 'wide', rate: '3mbit', seconds: 60 },
  { name: 'narrow', rate: '400kbit', seconds: 30 },
  { name: 'recovered', rate: '3mbit', seconds: 90 },
] as const;

export interface PhaseFigures {
  /** Of the video that the other browser receives. */
  freezes: number;
  frozenSeconds: number;
  frames: number;
  /** Of sound and video, in bits per second. */
  sentBps: number;
  soundBps: number;
}
export type LimitedCall = Record<(typeof PHASES)[number]['name'], PhaseFigures>;

/** One after the other, from the same network. */
export interface LimitedCalls {
  adaptive: LimitedCall;
  off: LimitedCall;
  /** Without recommendations, with a limit of the video by which the whole call should have the bits of the first. */
  capped: LimitedCall & { videoLimitBps: number };
}

/** Bits per second of the video, above which no phase of a call may be, so that all of it has these bits. */
export function limitFor({ wide, narrow, recovered }: LimitedCall, bits: number): number {
  const phases = [wide, narrow, recovered].map(({ sentBps, soundBps }, index) => ({
    videoBps: sentBps - soundBps,
    soundBps,
    seconds: PHASES[index]!.seconds,
  }));
  const bitsWithin = (limitBps: number) =>
    phases.reduce((sum, each) => sum + (Math.min(each.videoBps, limitBps) + each.soundBps) * each.seconds, 0);
  let [low, high] = [0, Math.max(...phases.map(({ videoBps }) => videoBps))];
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (bitsWithin(middle) < bits) low = middle;
    else high = middle;
  }
  return high;
}

export const bitsOfCall = (call: LimitedCall): number =>
  PHASES.reduce((sum, { name, seconds }) => sum + call[name].sentBps * seconds, 0);
