export type Colour = readonly [red: number, green: number, blue: number];

/** A frame of a video in the format I420, with the colour of each pixel. */
export function i420(width: number, height: number, colourOf: (x: number, y: number) => Colour) {
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const luma = width * height;
  const chroma = halfWidth * halfHeight;
  const data = new Uint8Array(luma + 2 * chroma);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = colourOf(x, y);
      data[y * width + x] = 16 + 0.257 * red + 0.504 * green + 0.098 * blue;
      if (x % 2 === 1 || y % 2 === 1) continue;
      const at = luma + (y >> 1) * halfWidth + (x >> 1);
      data[at] = 128 - 0.148 * red - 0.291 * green + 0.439 * blue;
      data[at + chroma] = 128 + 0.439 * red - 0.368 * green - 0.071 * blue;
    }
  return { data, width, height };
}
