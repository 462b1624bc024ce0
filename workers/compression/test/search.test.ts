import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { readImageLuma } from '../src/media/image-luma.ts';
import { chooseProbe, type Probe, type SettingRange, toScale } from '../src/objects/search.rules.ts';
import {
  choosePreset,
  chooseRepeat,
  measureSlope,
  planSearch,
  type SegmentProbe,
  solveTitle,
} from '../src/objects/title.rules.ts';

const RANGE: SettingRange = { lowest: 1, highest: 49, first: 27, slope: 0.04 };
const toSsim = (scale: number) => 1 - Math.exp(-scale);
/** A video or image whose quality on the scale is a line over the setting. */
const line =
  (at27: number, slope = 0.04) =>
  (setting: number): Probe => ({ setting, ssim: toSsim(at27 + slope * (setting - 27)) });

function search(encode: (setting: number) => Probe, target: number, range = RANGE): Probe[] {
  const probes: Probe[] = [];
  for (let next; probes.length < 4 && (next = chooseProbe(probes, target, range)) !== undefined;)
    probes.push(encode(next));
  return probes;
}

describe('the search of an image', () => {
  it.each([0.01, 0.03, 0.04, 0.08])(
    'finds the lowest setting in four encodings at a slope of %d',
    (slope) => {
      const encode = line(4, slope);
      const target = encode(33).ssim - 1e-9;
      const probes = search(encode, target);
      const reaching = probes.filter(({ ssim }) => ssim >= target).map(({ setting }) => setting);
      expect(Math.min(...reaching) - 33).toBeLessThanOrEqual(1);
      expect(probes.length).toBeLessThanOrEqual(4);
    },
  );

  it('takes a smaller step the flatter the quality is where it stands', () => {
    const range = { ...RANGE, flattening: 0.02 };
    const far = (scale: number) => chooseProbe([line(scale)(27)], toSsim(scale + 0.3), range)! - 27;
    expect(far(4.2)).toBeGreaterThan(far(3));
  });

  it('ends at the end of the range', () => {
    const probes = search(line(1), 0.999);
    expect(probes.at(-1)!.setting).toBe(RANGE.highest);
    expect(chooseProbe(probes, 0.999, RANGE)).toBeUndefined();
  });
});

describe('the plan of a recording', () => {
  it.each([100, 250, 1_000, 1_500, 1_501, 20_000, 200_000])(
    'encodes at most a third of %d frames, or a sixth beside the fast encoding of all',
    (total) => {
      for (const preset of [4, 6]) {
        const { segments, frames, hasPilot } = planSearch(total, preset)!;
        expect(hasPilot).toBe(preset === 4 && total <= 1_500);
        const encodings = hasPilot ? segments : segments + 1;
        expect(encodings * frames).toBeLessThanOrEqual(Math.max(total * (hasPilot ? 0.17 : 0.32), 66));
      }
    },
  );

  it('is none where the frames are too few', () => {
    expect(planSearch(50, 6)).toBeUndefined();
    expect(planSearch(0, 4)).toBeUndefined();
  });

  it('has slower presets for small and short recordings', () => {
    const [hd, minute] = [1_280 * 720, 60 * 30];
    expect(choosePreset(hd, minute)).toBe(4);
    expect(choosePreset(hd, 30 * minute)).toBe(5);
    expect(choosePreset(hd, 180 * minute)).toBe(6);
    expect(choosePreset(1_920 * 1_080, minute)).toBe(6);
  });
});

describe('the setting of a recording', () => {
  const segment = (probe: Probe, shift = 0): SegmentProbe => ({ ...probe, shift });

  it('is where the mean of all segments reaches the quality, whatever each was encoded with', () => {
    const [easy, hard] = [line(5), line(3.5)];
    const found = solveTitle([segment(easy(20)), segment(hard(35))], 0.98, RANGE.slope, RANGE);
    const mean = (setting: number) => (easy(setting).ssim + hard(setting).ssim) / 2;
    // A little lower than the segments say, because the whole is better than they are.
    expect(mean(found + 1)).toBeGreaterThan(0.98);
    expect(mean(found - 1)).toBeLessThan(0.98);
  });

  it('is moved by how much the fast encoding says that the segment is unlike the whole', () => {
    const probe = line(4)(27);
    const of = (shift: number) => solveTitle([segment(probe, shift)], toSsim(4), RANGE.slope, RANGE);
    expect(of(0) - of(0.2)).toBe(5);
  });

  it('follows a slope that was measured, but not to where only noise leads', () => {
    expect(measureSlope(line(4, 0.05)(20), line(4, 0.05)(30), RANGE)).toBeCloseTo(0.05);
    expect(measureSlope(line(4, 0.5)(20), line(4, 0.5)(30), RANGE)).toBe(0.08);
    expect(measureSlope(line(4, -0.1)(20), line(4, -0.1)(30), RANGE)).toBe(0.02);
  });
});

describe('a copy that was compared in full', () => {
  const copy = (setting: number, above: number): Probe => ({ setting, ssim: toSsim(toScale(0.98) + above) });

  it('is encoded again, better, when it misses the quality, however long that takes', () => {
    expect(chooseRepeat([copy(27, -0.1)], 0.98, 1e9, RANGE)).toBe(30);
  });

  it('is encoded again, smaller, when that saves much and takes little', () => {
    expect(chooseRepeat([copy(27, 0.19)], 0.98, 10_000, RANGE)).toBe(23);
    expect(chooseRepeat([copy(27, 0.2)], 0.98, 100_000, RANGE)).toBeUndefined();
    expect(chooseRepeat([copy(27, 0.03)], 0.98, 10_000, RANGE)).toBeUndefined();
  });

  it('is encoded a third time between two others, and not a fourth', () => {
    const [above, below] = [copy(30, 0.2), copy(24, -0.03)];
    expect(chooseRepeat([above, below], 0.98, 10_000, RANGE)).toBe(25);
    expect(chooseRepeat([above, below, copy(26, -0.01)], 0.98, 10_000, RANGE)).toBeUndefined();
  });

  it('stays when the quality is at the end of what there is', () => {
    expect(chooseRepeat([copy(RANGE.highest, -0.1)], 0.98, 10_000, RANGE)).toBeUndefined();
  });
});

describe('luma of an image', () => {
  it('is that of video, which SSIM is compared by', async () => {
    const background = { r: 200, g: 100, b: 50 };
    const image = sharp({ create: { width: 16, height: 16, channels: 3, background } });
    const { data } = await readImageLuma(image);
    expect(data[0]).toBe(Math.round(16 + ((0.299 * 200 + 0.587 * 100 + 0.114 * 50) * 219) / 255));
    const white = sharp({ create: { width: 16, height: 16, channels: 3, background: '#fff' } });
    expect((await readImageLuma(white.greyscale())).data[5]).toBe(235);
  });
});
