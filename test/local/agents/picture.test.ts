import { describe, expect, it } from 'vitest';
import { toPng } from '../../../workers/agents/picture.ts';
import { i420 } from '../../support/i420.ts';
import { colourAt, readPng } from '../../support/pictures.ts';

const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;
/** Colours lose a little on the way through brightness and colour differences. */
const NEAR = 4;

describe('the picture of a screen', () => {
  it('has the pixels of the video', async () => {
    const picture = i420(64, 48, (x) => (x < 32 ? RED : BLUE));
    const png = readPng(await toPng(picture));
    expect([png.width, png.height]).toEqual([64, 48]);
    expect(colourAt(png, 8, 24)).toBeNear(RED, NEAR);
    expect(colourAt(png, 56, 24)).toBeNear(BLUE, NEAR);
  });

  it('has 1,280 pixels at its longest side, a million at most, and keeps its shape and what is on it', async () => {
    const sizes = [
      [1366, 768, 1280, 719],
      [1080, 1920, 720, 1280],
      [1200, 1200, 1000, 1000],
      [3, 4000, 1, 1280],
      [1, 1, 1, 1],
    ] as const;
    for (const [width, height, toWidth, toHeight] of sizes) {
      const png = readPng(await toPng(i420(width, height, (_x, y) => (y * 2 < height ? RED : BLUE))));
      expect([png.width, png.height]).toEqual([toWidth, toHeight]);
      expect(colourAt(png, toWidth >> 1, 0)).toBeNear(RED, NEAR);
      if (height > 1) expect(colourAt(png, toWidth >> 1, toHeight - 1)).toBeNear(BLUE, NEAR);
    }
  });

  it('shows thin lines as the average of what they are in', async () => {
    const white = [255, 255, 255] as const;
    const png = readPng(await toPng(i420(2560, 64, (x) => (x % 2 === 0 ? [0, 0, 0] : white))));
    for (const x of [0, 333, 1279]) expect(colourAt(png, x, 16)).toBeNear([128, 128, 128], NEAR);
  });
});
