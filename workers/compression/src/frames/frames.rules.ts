/** The pure decisions about frames: what is valid, and what a mode means for each codec. */

export type Mode = 'conservative' | 'adaptive' | 'aggressive';
export type Kind = 'video' | 'screen' | 'audio' | 'data';

/** The media that a session compresses; the same for all its frames. */
export interface Format {
  kind: Kind;
  mode: Mode;
  /** Format of the input: "i420", "rgba", "pcm_s16le", "bytes", or an encoded format. */
  codec: string;
  width: number;
  height: number;
  fps: number;
  sampleRate: number;
  channels: number;
  /** Whether every frame is decoded by itself. */
  isSingle: boolean;
  /** Most bits a second that the network takes; 0: unknown. */
  maxBitrate: number;
  /** Share of the bytes to save; 0: that of the mode. */
  targetRatio: number;
}

export const MAX_EDGE = 4_096;
/** 4096 × 2304. */
export const MAX_PIXELS = 9_437_184;
export const MAX_DATA_BYTES = 8 * 1024 * 1024;
export const ENCODED_VIDEO: Readonly<Record<string, string>> = {
  av1: 'libdav1d',
  h264: 'h264',
  vp8: 'vp8',
  vp9: 'vp9',
};
const SAMPLE_RATES = [8_000, 12_000, 16_000, 24_000, 48_000];
const AUDIO_MILLISECONDS = [10, 20, 40, 60];

/** SSIM that the frames of a mode must have. */
export const LOWEST_SSIM: Readonly<Record<Mode, number>> = {
  conservative: 0.97,
  adaptive: 0.95,
  aggressive: 0.9,
};
/** Near the quality of the mode for pictures that move much; where it is missed the next frames are encoded better. */
const FIRST_CRF: Readonly<Record<Mode, number>> = { conservative: 30, adaptive: 44, aggressive: 50 };
const CRF_RANGE = { lowest: 20, highest: 56 };
const OPUS_BITRATE: Readonly<Record<Mode, number>> = {
  conservative: 48_000,
  adaptive: 32_000,
  aggressive: 20_000,
};

export const firstCrf = ({ mode, kind }: Format): number => FIRST_CRF[mode] - (kind === 'screen' ? 6 : 0);
export const opusBitrate = ({ mode, channels }: Format): number =>
  OPUS_BITRATE[mode] * (channels === 2 ? 1.6 : 1);

/** Bytes of a raw picture. */
export const rawBytes = (codec: string, width: number, height: number): number =>
  codec === 'rgba' ? width * height * 4 : (width * height * 3) / 2;

function findVideoFault({ codec, width, height, fps }: Format, bytes: number): string | undefined {
  if (codec in ENCODED_VIDEO) return undefined; // its size is read from it
  if (codec !== 'i420' && codec !== 'rgba')
    return `video frames have the codec i420, rgba, ${Object.keys(ENCODED_VIDEO).join(', ')}`;
  const isEdge = (edge: number) => Number.isInteger(edge) && edge >= 16 && edge <= MAX_EDGE && edge % 2 === 0;
  if (!isEdge(width) || !isEdge(height) || width * height > MAX_PIXELS)
    return `width and height are even, from 16 to ${MAX_EDGE}, and at most ${MAX_PIXELS} pixels together`;
  if (fps < 0 || fps > 120) return 'fps is from 1 to 120';
  const needed = rawBytes(codec, width, height);
  return bytes === needed
    ? undefined
    : `a frame of ${width} × ${height} in ${codec} has ${needed} bytes, not ${bytes}`;
}

function findAudioFault({ codec, sampleRate, channels }: Format, bytes: number): string | undefined {
  if (codec !== 'pcm_s16le') return 'audio frames have the codec pcm_s16le';
  if (!SAMPLE_RATES.includes(sampleRate)) return `sample_rate is one of ${SAMPLE_RATES.join(', ')}`;
  if (channels !== 1 && channels !== 2) return 'channels is 1 or 2';
  const milliseconds = (bytes / 2 / channels / sampleRate) * 1_000;
  return AUDIO_MILLISECONDS.includes(milliseconds)
    ? undefined
    : `an audio frame lasts ${AUDIO_MILLISECONDS.join(', ')} ms, not ${milliseconds.toFixed(2)}`;
}

/** The fault of a frame that is to be compressed; undefined without one. */
export function findFault(format: Format, bytes: number): string | undefined {
  if (bytes === 0) return 'frame_data is empty';
  switch (format.kind) {
    case 'video':
    case 'screen':
      return findVideoFault(format, bytes);
    case 'audio':
      return findAudioFault(format, bytes);
    case 'data':
      return bytes > MAX_DATA_BYTES ? `a data frame has at most ${MAX_DATA_BYTES} bytes` : undefined;
  }
}

/**
 * The preset of SVT-AV1 for live frames: 9 would need a fifth fewer bits, but more than the time between two frames for one picture in ten
 * of 720p, and half as much memory again. Screens have 8, because its tools for them (palettes, copies of blocks) end there: they take
 * half of the bits, and a screen that stands still takes hardly any time.
 */
export const livePresetOf = (kind: Kind): number => (kind === 'screen' ? 8 : 10);

export interface Measured {
  crf: number;
  /** SSIM of the last frames that were measured since the last change. */
  ssims: readonly number[];
  /** Share of the bytes saved since the last change. */
  ratio: number;
}

/** How many measured frames decide: frames differ by their place among those that depend on them, so one alone says little. */
export const DECIDING_FRAMES = 4;

/**
 * The CRF with which to continue. Below the mode's quality it falls; while the asked saving is missed and quality is left
 * over it rises; otherwise it stays, because each change costs a key frame.
 */
export function adjustCrf({ mode, targetRatio }: Format, { crf, ssims, ratio }: Measured): number {
  const floor = LOWEST_SSIM[mode];
  const ssim = ssims.reduce((sum, each) => sum + each, 0) / ssims.length;
  if (ssim < floor)
    return Math.max(CRF_RANGE.lowest, crf - Math.min(12, Math.ceil((floor - ssim) * 200) + 2));
  if (targetRatio > 0 && ratio < targetRatio && ssim > floor + (1 - floor) / 4)
    return Math.min(CRF_RANGE.highest, crf + 4);
  return crf;
}
