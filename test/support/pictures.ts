import { inflateSync } from 'node:zlib';
import { expect } from 'vitest';

declare module 'vitest' {
  interface Matchers {
    /** Each number differs from its counterpart by no more than that. */
    toBeNear(expected: readonly number[], most: number): void;
  }
}

expect.extend({
  toBeNear: (received: readonly number[], expected: readonly number[], most: number) => ({
    pass:
      received.length === expected.length &&
      received.every((value, at) => Math.abs(value - expected[at]!) <= most),
    message: () => `[${received.join(', ')}] is not near [${expected.join(', ')}]`,
  }),
});

interface Png {
  width: number;
  height: number;
  /** Rows of red, green and blue. */
  pixels: Uint8Array;
}

/** Reads PNG files whose rows are stored as differences from the row above, as the process of agents writes them. */
export function readPng(file: Buffer): Png {
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  expect([...file.subarray(24, 29)]).toEqual([8, 2, 0, 0, 0]);
  const length = file.readUInt32BE(33);
  expect(file.toString('latin1', 37, 41)).toBe('IDAT');
  const rows = inflateSync(file.subarray(41, 41 + length));
  const bytes = width * 3;
  expect(rows).toHaveLength(height * (bytes + 1));
  const pixels = new Uint8Array(height * bytes);
  for (let y = 0; y < height; y++) {
    expect(rows[y * (bytes + 1)]).toBe(2);
    for (let at = 0; at < bytes; at++)
      pixels[y * bytes + at] = rows[y * (bytes + 1) + 1 + at]! + (y > 0 ? pixels[(y - 1) * bytes + at]! : 0);
  }
  return { width, height, pixels };
}

export const colourAt = ({ width, pixels }: Png, x: number, y: number): number[] => [
  ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
