import { describe, expect, it } from 'vitest';
import { AudioMixer, BLOCK_SAMPLES, CHANNELS } from '../../../workers/local/egress/recorder/audio-mixer.ts';
import { Canvas, type Picture } from '../../../workers/local/egress/recorder/canvas.ts';
import { type Box, boxesOf } from '../../../workers/local/egress/recorder/layout.ts';

const [WIDTH, HEIGHT] = [320, 180];

const area = (boxes: readonly Box[]) => boxes.reduce((sum, { width, height }) => sum + width * height, 0);

/** A picture of one brightness. */
const plain = (width: number, height: number, brightness: number): Picture => ({
  width,
  height,
  data: new Uint8Array((width * height * 3) / 2).fill(128).fill(brightness, 0, width * height),
});

describe('the picture of a recording', () => {
  it.each([1, 2, 3, 4, 5, 9, 16])('shows %i people beside each other, none over another', (count) => {
    for (const layout of ['grid', 'speaker']) {
      const shown = new Uint8Array(WIDTH * HEIGHT);
      const boxes = boxesOf(layout, count, WIDTH, HEIGHT);
      expect(boxes).toHaveLength(count);
      for (const { x, y, width, height } of boxes) {
        expect([x, y, width, height].map((value) => value % 2)).toEqual([0, 0, 0, 0]);
        for (let row = y; row < y + height; row++)
          for (let column = x; column < x + width; column++) shown[row * WIDTH + column]!++;
      }
      expect(Math.max(...shown)).toBe(1);
      expect(shown.reduce((sum, value) => sum + value, 0)).toBe(area(boxes));
    }
  });

  it('shows who speaks large, in the layout for speakers', () => {
    const [speaker, ...others] = boxesOf('speaker', 4, WIDTH, HEIGHT);
    expect(area([speaker!])).toBeGreaterThan(area(others));
  });

  it('keeps proportions, leaves the rest dark, and shows a grey box without a camera', () => {
    const canvas = new Canvas(WIDTH, HEIGHT);
    const pixel = (x: number, y: number) => canvas.data[y * WIDTH + x];
    canvas.draw([{ id: 'ada', picture: plain(90, 180, 200) }], 'grid');
    expect([pixel(10, 90), pixel(160, 90), pixel(310, 90)]).toEqual([16, 200, 16]);
    canvas.draw([{ id: 'ada', picture: plain(90, 180, 100) }], 'grid');
    expect(pixel(160, 90)).toBe(100);
    canvas.draw([{ id: 'ada', picture: null }], 'grid');
    expect(pixel(160, 90)).toBe(60);
    canvas.draw([], 'grid-light');
    expect(pixel(160, 90)).toBe(235);
  });
});

describe('the sound of a recording', () => {
  const block = (value: number) => new Int16Array(BLOCK_SAMPLES * CHANNELS).fill(value);
  const pushBlocks = (mixer: AudioMixer, track: string, count: number, value: number) => {
    for (let each = 0; each < count; each++) mixer.push(track, block(value));
  };

  it('is the sum of all voices, no louder than can be written', () => {
    const mixer = new AudioMixer();
    for (const track of ['ada', 'ben']) mixer.add(track);
    pushBlocks(mixer, 'ada', 3, 20_000);
    expect(mixer.mix()).toEqual(block(20_000));
    pushBlocks(mixer, 'ben', 3, 20_000);
    expect(mixer.mix()).toEqual(block(32_767));
    mixer.remove('ada');
    expect(mixer.mix()).toEqual(block(20_000));
  });

  it('is silence where nothing came, and waits for 60 ms of a voice', () => {
    const mixer = new AudioMixer();
    mixer.add('ada');
    pushBlocks(mixer, 'ada', 2, 500);
    expect(mixer.mix()).toEqual(block(0));
    pushBlocks(mixer, 'ada', 1, 500);
    for (let each = 0; each < 3; each++) expect(mixer.mix()).toEqual(block(500));
    expect(mixer.mix()).toEqual(block(0));
  });

  it('falls no more than 300 ms behind', () => {
    const mixer = new AudioMixer();
    mixer.add('ada');
    pushBlocks(mixer, 'ada', 100, 500);
    let behind = 0;
    while (mixer.mix()[0] !== 0) behind++;
    expect(behind * 20).toBe(300);
  });
});
