import type { FrameOf } from '../frames.ts';

export type Recommendation = FrameOf<'media.recommended'>['recommendation'];
type VideoSettings = NonNullable<Recommendation['video']>;

/** The fields of an encoding that the page changes. */
export interface Encoding {
  active?: boolean;
  maxBitrate?: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
}

/** A smaller layer has about a quarter of the bits of the next one. */
const BITS_OF_HALF = 0.25;
/** A layer that is this much higher than recommended still counts as of that height. */
const HEIGHT_TOLERANCE = 1.1;

/**
 * The encodings of a published video as they are recommended. Layers stay those that were published: the larger ones are switched
 * off, and all that are on share the bits. A layer that is alone has the recommended height, so that its bits are seen.
 * @param encodings from the smallest to the largest, as the browser returned them
 * @param sourceHeight height of the camera's picture in pixels
 */
export function followVideo<E extends Encoding>(
  encodings: readonly E[],
  video: VideoSettings | null,
  sourceHeight: number,
): E[] {
  if (!video) return encodings.map((encoding) => ({ ...encoding, active: false }));
  const top = video.layers.at(-1)!.height;
  const heightOf = ({ scaleResolutionDownBy = 1 }: Encoding) => sourceHeight / scaleResolutionDownBy;
  const isOn = (encoding: E, index: number) => index === 0 || heightOf(encoding) <= top * HEIGHT_TOLERANCE;
  const count = encodings.filter(isOn).length;
  const weights = encodings.map((_, index) => BITS_OF_HALF ** Math.max(0, count - 1 - index));
  const total = weights.slice(0, count).reduce((sum, weight) => sum + weight, 0);
  return encodings.map((encoding, index) => {
    const on = isOn(encoding, index);
    const { scaleResolutionDownBy = 1 } = encoding;
    return {
      ...encoding,
      active: on,
      maxBitrate: Math.floor((video.maxBps * weights[index]!) / total),
      maxFramerate: video.framesPerSecond,
      scaleResolutionDownBy:
        count === 1 && index === 0 ? Math.max(1, sourceHeight / top) : scaleResolutionDownBy,
    };
  });
}
