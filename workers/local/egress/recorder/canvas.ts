import { type Box, boxesOf, fitInto } from './layout.ts';

/** A picture in I420: brightness, then both colours at half the resolution. */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}

/** The picture of one person or screen; a grey box without one. */
export interface Tile {
  id: string;
  picture: Picture | null;
}

const BLACK = 16;
const GREY = 60;
const WHITE = 235;
const NEUTRAL = 128;

const half = (value: number): number => (value + 1) >> 1;

interface Plane {
  data: Uint8Array;
  width: number;
  height: number;
}

function planesOf({ data, width, height }: Picture): [Plane, Plane, Plane] {
  const [luma, chroma] = [width * height, half(width) * half(height)];
  const colour = (from: number) => ({
    data: data.subarray(from, from + chroma),
    width: half(width),
    height: half(height),
  });
  return [{ data: data.subarray(0, luma), width, height }, colour(luma), colour(luma + chroma)];
}

/** Copies a plane into a box of another one; of several pixels that become one the nearest is taken. */
function drawPlane(from: Plane, into: Plane, box: Box): void {
  const columns = Uint32Array.from({ length: box.width }, (_, x) =>
    Math.floor(((x + 0.5) * from.width) / box.width),
  );
  for (let y = 0; y < box.height; y++) {
    const source = Math.floor(((y + 0.5) * from.height) / box.height) * from.width;
    const target = (box.y + y) * into.width + box.x;
    if (box.width === from.width) into.data.set(from.data.subarray(source, source + box.width), target);
    else for (let x = 0; x < box.width; x++) into.data[target + x] = from.data[source + columns[x]!]!;
  }
}

function fillPlane(into: Plane, box: Box, value: number): void {
  for (let y = box.y; y < box.y + box.height; y++)
    into.data.fill(value, y * into.width + box.x, y * into.width + box.x + box.width);
}

const halfBox = ({ x, y, width, height }: Box): Box => ({
  x: x / 2,
  y: y / 2,
  width: width / 2,
  height: height / 2,
});

/** The picture of the whole call. */
export class Canvas {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly #planes: [Plane, Plane, Plane];
  #drawn: { arrangement: string; pictures: (Picture | null)[] } = { arrangement: '', pictures: [] };

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height + 2 * half(width) * half(height));
    this.#planes = planesOf(this);
  }

  /** Draws what has changed since the last time. */
  draw(tiles: readonly Tile[], layout: string): void {
    const arrangement = [
      layout,
      ...tiles.map(({ id, picture }) => `${id} ${picture?.width}x${picture?.height}`),
    ].join('\n');
    const isNew = arrangement !== this.#drawn.arrangement;
    if (isNew)
      this.#fill(
        { x: 0, y: 0, width: this.width, height: this.height },
        layout.endsWith('-light') ? WHITE : BLACK,
      );
    const boxes = boxesOf(layout, tiles.length, this.width, this.height);
    tiles.forEach(({ picture }, index) => {
      if (!isNew && picture === this.#drawn.pictures[index]) return;
      const box = boxes[index]!;
      if (picture) this.#drawPicture(picture, fitInto(box, picture.width, picture.height));
      else this.#fill(box, GREY);
    });
    this.#drawn = { arrangement, pictures: tiles.map(({ picture }) => picture) };
  }

  #drawPicture(picture: Picture, box: Box): void {
    const from = planesOf(picture);
    drawPlane(from[0], this.#planes[0], box);
    for (const colour of [1, 2] as const) drawPlane(from[colour], this.#planes[colour], halfBox(box));
  }

  #fill(box: Box, brightness: number): void {
    fillPlane(this.#planes[0], box, brightness);
    for (const colour of [1, 2] as const) fillPlane(this.#planes[colour], halfBox(box), NEUTRAL);
  }
}
