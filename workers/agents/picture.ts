import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

/** A picture of a video in the format I420: the plane of brightness, and two of colour with half its sides. */
export interface VideoPicture {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Enough to read a screen, and no more than models look at; a picture of this many pixels fits into a question. */
const LONGEST_SIDE = 1_280;
const MOST_PIXELS = 1_000_000;
/** Fast, because a person waits for the answer. */
const LEVEL = 3;

const compress = promisify(deflate);

/** The picture, scaled down where it is large, as a PNG file. */
export async function toPng(picture: VideoPicture): Promise<Buffer> {
  const { width, height } = sizeFor(picture);
  const rows = filteredRows(toRgb(picture, width, height), width, height);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits of a colour
  header[9] = 2; // red, green, blue
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', await compress(rows, { level: LEVEL })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function sizeFor({ width, height }: VideoPicture): { width: number; height: number } {
  const scale = Math.min(
    1,
    LONGEST_SIDE / Math.max(width, height),
    Math.sqrt(MOST_PIXELS / (width * height)),
  );
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

interface Plane {
  data: Uint8Array;
  width: number;
  height: number;
}

function planesOf({ data, width, height }: VideoPicture): [Plane, Plane, Plane] {
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const [luma, chroma] = [width * height, half.width * half.height];
  return [
    { data: data.subarray(0, luma), width, height },
    { data: data.subarray(luma, luma + chroma), ...half },
    { data: data.subarray(luma + chroma, luma + 2 * chroma), ...half },
  ];
}

/** Where the pixels of a scaled side come from: the first one for each, and the shares of it and of those after it. */
interface Shares {
  first: Int32Array;
  /** So many for each pixel; the last of them may be 0. */
  taps: number;
  shares: Float32Array;
}

function sharesOf(from: number, to: number): Shares {
  const step = from / to;
  const taps = Math.ceil(step) + 1;
  const [first, shares] = [new Int32Array(to), new Float32Array(to * taps)];
  for (let at = 0; at < to; at++) {
    const [begin, end] = [at * step, (at + 1) * step];
    // The last ones end at the edge, so that there is a pixel for each share.
    first[at] = Math.max(0, Math.min(from - taps, Math.floor(begin)));
    for (let tap = 0; tap < taps; tap++) {
      const pixel = (first[at] ?? 0) + tap;
      shares[at * taps + tap] = Math.max(0, Math.min(end, pixel + 1) - Math.max(begin, pixel)) / step;
    }
  }
  return { first, taps, shares };
}

/** The plane with other sides: each pixel is the average of the area that it covers, so that small text stays readable. */
function scaled({ data, width, height }: Plane, toWidth: number, toHeight: number): Uint8Array {
  if (width === toWidth && height === toHeight) return data;
  const narrow = new Float32Array(toWidth * height);
  const across = sharesOf(width, toWidth);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < toWidth; x++) narrow[y * toWidth + x] = sumOf(data, across, x, y * width, 1);
  const down = sharesOf(height, toHeight);
  const result = new Uint8Array(toWidth * toHeight);
  for (let y = 0; y < toHeight; y++)
    for (let x = 0; x < toWidth; x++)
      result[y * toWidth + x] = Math.round(sumOf(narrow, down, y, x, toWidth));
  return result;
}

/** The average for one pixel of a scaled side; the pixels that it comes from begin at `start` and are `apart`. */
function sumOf(
  data: Uint8Array | Float32Array,
  { first, taps, shares }: Shares,
  at: number,
  start: number,
  apart: number,
): number {
  let sum = 0;
  for (let tap = 0; tap < taps; tap++) {
    const pixel = start + ((first[at] ?? 0) + tap) * apart;
    sum += (shares[at * taps + tap] ?? 0) * (data[pixel] ?? 0);
  }
  return sum;
}

/** Colours as calls carry them: BT.601, brightness from 16 to 235. */
function toRgb(picture: VideoPicture, width: number, height: number): Uint8ClampedArray {
  const [y, u, v] = planesOf(picture).map((plane) => scaled(plane, width, height)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const light = 1.164 * ((y[at] ?? 0) - 16);
    const [blue, red] = [(u[at] ?? 0) - 128, (v[at] ?? 0) - 128];
    rgb[at * 3] = light + 1.596 * red;
    rgb[at * 3 + 1] = light - 0.813 * red - 0.392 * blue;
    rgb[at * 3 + 2] = light + 2.017 * blue;
  }
  return rgb;
}

/** Each row as its difference from the one above, which compresses well: screens have many equal rows. */
function filteredRows(rgb: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const bytes = width * 3;
  const rows = new Uint8Array((bytes + 1) * height);
  for (let y = 0; y < height; y++) {
    const [to, from] = [y * (bytes + 1), y * bytes];
    rows[to] = 2; // the filter "up"
    for (let at = 0; at < bytes; at++)
      rows[to + 1 + at] = (rgb[from + at] ?? 0) - (y === 0 ? 0 : (rgb[from - bytes + at] ?? 0));
  }
  return rows;
}
