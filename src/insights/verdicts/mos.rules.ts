/**
 * Estimates of what people would say, out of what was measured.
 *
 * **Speech**: the E-model of ITU-T G.107 (06/2015), narrowband scale, reduced to the impairments that packets cause:
 * `R = 93.2 - Idd - Ie,eff`, where 93.2 is the model's `Ro - Is` with all its default values (clause 7.7). `Idd` is
 * clause 7.4 at default delay sensitivity (sT = 1, mT = 100 ms), `Ie,eff` is clause 7.5, R to MOS is Annex B.
 *
 * **Video**: an index of our own (`videoIndex`), no standardised and no calibrated one.
 */

/** `Ro - Is` with the default values of G.107, clause 7.7. */
const R_DEFAULT = 93.2;
/** mT: milliseconds of one-way delay below which nobody notices; clause 7.4 at default sensitivity. */
const UNNOTICED_DELAY_MS = 100;
/**
 * Ie and Bpl of Opus are assumptions: G.113 tabulates neither for the narrowband scale. Ie = 0 as for G.711, which
 * Opus is not below at the 24 kbit/s and more that calls use. Bpl = 10 lies between G.711 without loss concealment (4.3)
 * and with it (25.1), both G.113 Appendix I.
 */
const OPUS = { ie: 0, bpl: 10 };
/** Milliseconds: a frame of 20 and Opus's look-ahead of 6.5 (RFC 6716). */
const CODEC_DELAY_MS = 26.5;
/** Jitter buffers hold about twice the jitter when they do not say how much. */
const BUFFERED_JITTERS = 2;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/**
 * Idd: what a one-way delay takes from R, echo aside.
 * @param delayMs mouth to ear, in milliseconds
 */
export function delayImpairment(delayMs: number): number {
  if (delayMs <= UNNOTICED_DELAY_MS) return 0;
  const x = Math.log2(delayMs / UNNOTICED_DELAY_MS);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/**
 * Ie,eff: what coding and lost packets take from R.
 * @param lossRatio 0 to 1, of what reaches the decoder
 * @param burstRatio BurstR: 1 when losses are independent of each other, more when they come in bursts
 */
export function lossImpairment(lossRatio: number, burstRatio = 1, { ie, bpl } = OPUS): number {
  const percent = clamp(lossRatio, 0, 1) * 100;
  return percent === 0 ? ie : ie + (95 - ie) * (percent / (percent / burstRatio + bpl));
}

/** G.107 Annex B: R (0 to 100) as a mean opinion score (1 to 4.5). */
export function mosOfR(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

export interface SpeechConditions {
  /** 0 to 1: concealment where the decoder tells it, for it sees what repair has saved; else the packets lost. */
  lossRatio: number;
  /** To the server and back, seconds; of both ways when the publisher's is added. */
  roundTripSeconds?: number | undefined;
  jitterSeconds?: number | undefined;
  /** What the jitter buffer says it holds, seconds. */
  jitterBufferSeconds?: number | undefined;
}

/**
 * The speech's MOS, from 1 to 4.41. It judges a transmission, no person's opinion; the scale is that of telephone
 * bandwidth, so the gain of wideband is not in it; noise, echo and levels count as the model's defaults.
 */
export function speechMos(conditions: SpeechConditions): number {
  const { lossRatio, roundTripSeconds = 0, jitterSeconds = 0 } = conditions;
  const buffered = conditions.jitterBufferSeconds ?? BUFFERED_JITTERS * jitterSeconds;
  const delayMs = CODEC_DELAY_MS + (roundTripSeconds / 2 + buffered) * 1000;
  return mosOfR(R_DEFAULT - delayImpairment(delayMs) - lossImpairment(lossRatio));
}

export interface PictureConditions {
  /** Lines of the picture as it arrives. */
  height: number;
  /** Lines that were asked for, where the client tells it. */
  wantedHeight?: number | undefined;
  framesPerSecond: number;
  /** Of the time, how long the picture stood still: 0 to 1. */
  freezeRatio: number;
  screen?: boolean;
}

/** Lines and frames per second from which more is not told apart in a call. */
const FULL_HEIGHT = 720;
const FULL_RATE = { camera: 25, screen: 5 };

/**
 * The video index, version 1, from 1 to 5: `1 + 4 * sharpness * motion * flow`, each from 0 to 1. Sharpness falls by a
 * quarter with each halving of the lines that were wanted, motion with the square root of the frame rate, flow with the
 * time that the picture stood still. It orders conditions sensibly and is calibrated against no viewers: not a MOS, not
 * to be compared with other products' figures. It knows nothing of content, codec and compression.
 */
export function videoIndex(conditions: PictureConditions): number {
  const { height, wantedHeight = FULL_HEIGHT, framesPerSecond, freezeRatio, screen = false } = conditions;
  const wanted = clamp(wantedHeight, 1, FULL_HEIGHT);
  const sharpness = clamp(1 + 0.25 * Math.log2(clamp(height, 1, wanted) / wanted), 0, 1);
  const motion = Math.sqrt(clamp(framesPerSecond / FULL_RATE[screen ? 'screen' : 'camera'], 0, 1));
  const flow = Math.exp(-6 * clamp(freezeRatio, 0, 1));
  return 1 + 4 * sharpness * motion * flow;
}
