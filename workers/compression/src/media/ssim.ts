/** Luma of a picture: `stride` bytes from one row to the next. */
export interface LumaPlane {
  data: Uint8Array;
  stride: number;
  width: number;
  height: number;
}

const C1 = Math.floor(0.01 * 0.01 * 255 * 255 * 64 + 0.5);
const C2 = Math.floor(0.03 * 0.03 * 255 * 255 * 64 * 63 + 0.5);
/** Per block of 4 × 4: sum of a, sum of b, sum of squares, sum of products. */
const FIELDS = 4;

function sumRow(a: LumaPlane, b: LumaPlane, row: number, blocks: number, sums: Int32Array): void {
  for (let block = 0; block < blocks; block++) {
    let s1 = 0;
    let s2 = 0;
    let ss = 0;
    let s12 = 0;
    for (let y = 0; y < 4; y++) {
      let i = (row * 4 + y) * a.stride + block * 4;
      let j = (row * 4 + y) * b.stride + block * 4;
      for (let x = 0; x < 4; x++) {
        const p = a.data[i++]!;
        const q = b.data[j++]!;
        s1 += p;
        s2 += q;
        ss += p * p + q * q;
        s12 += p * q;
      }
    }
    const at = block * FIELDS;
    sums[at] = s1;
    sums[at + 1] = s2;
    sums[at + 2] = ss;
    sums[at + 3] = s12;
  }
}

function compareWindow(s1: number, s2: number, ss: number, s12: number): number {
  const variances = ss * 64 - s1 * s1 - s2 * s2;
  const covariance = s12 * 64 - s1 * s2;
  return ((2 * s1 * s2 + C1) * (2 * covariance + C2)) / ((s1 * s1 + s2 * s2 + C1) * (variances + C2));
}

/**
 * Structural similarity of two pictures of the same size, 0 to 1, as FFmpeg and x264 compute it: windows of 8 × 8, four
 * pixels apart.
 */
export function computeSsim(a: LumaPlane, b: LumaPlane): number {
  const columns = a.width >> 2;
  const rows = a.height >> 2;
  let above = new Int32Array(columns * FIELDS);
  let current = new Int32Array(columns * FIELDS);
  let total = 0;
  sumRow(a, b, 0, columns, above);
  for (let row = 1; row < rows; row++) {
    sumRow(a, b, row, columns, current);
    for (let i = 0; i < (columns - 1) * FIELDS; i += FIELDS) {
      const j = i + FIELDS;
      total += compareWindow(
        above[i]! + above[j]! + current[i]! + current[j]!,
        above[i + 1]! + above[j + 1]! + current[i + 1]! + current[j + 1]!,
        above[i + 2]! + above[j + 2]! + current[i + 2]! + current[j + 2]!,
        above[i + 3]! + above[j + 3]! + current[i + 3]! + current[j + 3]!,
      );
    }
    [above, current] = [current, above];
  }
  return total / ((rows - 1) * (columns - 1));
}
