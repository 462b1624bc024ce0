/**
 * Estimates people's opinion from what was measured.
 *
 * **Speech**: the E-model of ITU-T G.107 (06/2015), narrowband scale, reduced to the impairments that packets cause:
 * `R = 93.2 - Idd - Ie,eff`, where 93.2 is the model's `Ro - Is` with all its default values (clause 7.7). `Idd` is
 * clause 7.4 at default delay sensitivity (sT = 1, mT = 100 ms), `Ie,eff` is clause 7.5, R to MOS is Annex B.
 *
 * **Video**: `videoIndex`, an index of this product, neither standardised nor calibrated.
 */

/** `Ro - Is` with the default values of G.107, clause 7.7. */
const R_DEFAULT = 93.2;
/** mT: milliseconds of one-way delay that people do not notice; clause 7.4 at default sensitivity. */
const UNNOTICED_DELAY_MS = 100;
/**
 * Ie and Bpl of Opus are assumptions: G.113 tabulates neither for the narrowband scale. Ie = 0 as for G.711: at the
 * 24 kbit/s and more that calls use, Opus is not worse. Bpl = 10 lies between G.711 without loss concealment (4.3) and with
 * it (25.1), both from G.113 Appendix I.
 */
const OPUS = { ie: 0, bpl: 10 };
/** A frame of 20 ms and Opus's look-ahead of 6.5 ms (RFC 6716). */
const CODEC_DELAY_MS = 26.5;
/** A jitter buffer that does not report its delay is assumed to hold twice the jitter. */
const BUFFERED_JITTERS = 2;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/**
 * Idd: the impairment by one-way delay, without echo.
 * @param delayMs mouth to ear, in milliseconds
 */
export function delayImpairment(delayMs: number): number {
  if (delayMs <= UNNOTICED_DELAY_MS) return 0;
  const x = Math.log2(delayMs / UNNOTICED_DELAY_MS);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/**
 * Ie,eff: the impairment by coding and lost packets.
 * @param lossRatio share lost before the decoder, 0 to 1
 * @param burstRatio BurstR: 1 for independent losses, more for bursts
 */
export function lossImpairment(lossRatio: number, burstRatio = 1, { ie, bpl } = OPUS): number {
  const percent = clamp(lossRatio, 0, 1) * 100;
  return percent === 0 ? ie : ie + (95 - ie) * (percent / (percent / burstRatio + bpl));
}

/** G.107 Annex B: converts R (0 to 100) to a mean opinion score (1 to 4.5). */
export function mosOfR(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

export interface SpeechConditions {
  /** 0 to 1: concealed audio where the decoder reports it, because it knows what was repaired; otherwise lost packets. */
  lossRatio: number;
  /** Seconds to the server and back; with the publisher's round trip added, of both connections. */
  roundTripSeconds: number;
  jitterSeconds?: number | undefined;
  /** Delay that the jitter buffer reports, in seconds. */
  jitterBufferSeconds?: number | undefined;
}

/**
 * The MOS of speech, from 1 to 4.41. It rates the transmission, not an opinion that somebody gave. The scale is that of
 * narrowband telephony, without the gain of wideband; noise, echo and levels count as the model's defaults.
 */
export function speechMos(conditions: SpeechConditions): number {
  const { lossRatio, roundTripSeconds, jitterSeconds = 0 } = conditions;
  const buffered = conditions.jitterBufferSeconds ?? BUFFERED_JITTERS * jitterSeconds;
  const delayMs = CODEC_DELAY_MS + (roundTripSeconds / 2 + buffered) * 1000;
  return mosOfR(R_DEFAULT - delayImpairment(delayMs) - lossImpairment(lossRatio));
}

export interface PictureConditions {
  /** Height of the received video, in pixels. */
  height: number;
  /** Requested height in pixels, where the client reports it. */
  wantedHeight?: number | undefined;
  framesPerSecond: number;
  /** Share of the time for which video was frozen, 0 to 1. */
  freezeRatio: number;
  screen?: boolean;
}

/** Height in pixels and frames per second above which people see no difference in a call. */
const FULL_HEIGHT = 720;
const FULL_RATE = { camera: 25, screen: 5 };

/**
 * The video index, version 1, from 1 to 5: `1 + 4 * sharpness * motion * flow`, each from 0 to 1. Sharpness falls by a
 * quarter with each halving of the requested height, motion with the square root of the frame rate, flow with the share of
 * frozen time. It ranks conditions and is not calibrated with viewers: it is no MOS and not comparable with other products'
 * figures. It does not consider content, codec or compression.
 */
export function videoIndex(conditions: PictureConditions): number {
  const { height, wantedHeight = FULL_HEIGHT, framesPerSecond, freezeRatio, screen = false } = conditions;
  const wanted = clamp(wantedHeight, 1, FULL_HEIGHT);
  const sharpness = clamp(1 + 0.25 * Math.log2(clamp(height, 1, wanted) / wanted), 0, 1);
  const motion = Math.sqrt(clamp(framesPerSecond / FULL_RATE[screen ? 'screen' : 'camera'], 0, 1));
  const flow = Math.exp(-6 * clamp(freezeRatio, 0, 1));
  return 1 + 4 * sharpness * motion * flow;
}
