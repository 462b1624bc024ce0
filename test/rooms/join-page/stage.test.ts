import { describe, expect, it } from 'vitest';
import {
  type Area,
  arrangeTiles,
  countFittingTiles,
  divideStage,
  type Rect,
} from '../../../workers/pages/join/stage/arrange.ts';
import { orderTiles } from '../../../workers/pages/join/stage/order.ts';

const STAGES: [string, Area][] = [
  ['a large screen', { width: 2528, height: 1200 }],
  ['a laptop', { width: 1248, height: 580 }],
  ['a laptop with a panel', { width: 880, height: 580 }],
  ['a square', { width: 700, height: 700 }],
  ['a tablet', { width: 736, height: 820 }],
  ['a phone', { width: 374, height: 640 }],
  ['a small phone', { width: 304, height: 400 }],
  ['a phone on its side', { width: 828, height: 230 }],
];

/** The part of a 16:9 picture that is visible when it fills the tile. */
const visiblePart = ({ width, height }: Area) => {
  const ratio = width / height / (16 / 9);
  return Math.min(ratio, 1 / ratio);
};

const overlap = (a: Rect, b: Rect) =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

describe.each(STAGES)('tiles on the stage of %s', (_name, stage) => {
  const counts = Array.from({ length: 50 }, (_, at) => at + 1);
  const pageOf = (people: number) => arrangeTiles(Math.min(people, countFittingTiles(stage)), stage);

  it('show at least four fifths of each picture, for 1 to 50 people', () => {
    const cut = counts.filter((people) => pageOf(people).some((rect) => visiblePart(rect) < 0.8));
    expect(cut).toEqual([]);
  });

  it('lie on the stage, and none covers another', () => {
    for (const people of counts) {
      const rects = pageOf(people);
      for (const { left, top, width, height } of rects) {
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(stage.width);
        expect(top + height).toBeLessThanOrEqual(stage.height);
      }
      expect(rects.filter((a, at) => rects.slice(at + 1).some((b) => overlap(a, b)))).toEqual([]);
    }
  });

  it('are large enough to recognize somebody, on as many pages as that takes', () => {
    for (const people of counts)
      for (const { width, height } of pageOf(people)) expect(width * height).toBeGreaterThan(100 * 70);
  });
});

it('twelve people stand in two columns on a phone', () => {
  const lefts = arrangeTiles(12, { width: 374, height: 640 }).map(({ left }) => left);
  expect(new Set(lefts).size).toBe(2);
});

it('two people use at least half of a laptop’s stage', () => {
  const [first] = arrangeTiles(2, { width: 1248, height: 580 });
  expect((2 * first!.width * first!.height) / (1248 * 580)).toBeGreaterThan(0.5);
});

it('an empty stage has no tiles', () => {
  expect(arrangeTiles(0, { width: 100, height: 100 })).toEqual([]);
});

it.each(STAGES)('what is featured has most of the stage of %s, and the others a strip', (_name, stage) => {
  const { main, strip } = divideStage(stage);
  expect((main.width * main.height) / (stage.width * stage.height)).toBeGreaterThan(0.55);
  expect(strip.left + strip.width).toBeLessThanOrEqual(stage.width + 0.01);
  expect(strip.top + strip.height).toBeLessThanOrEqual(stage.height + 0.01);
  expect(countFittingTiles(strip)).toBeGreaterThan(0);
});

describe('the order of tiles', () => {
  const people = ['me', 'a', 'b', 'c', 'd', 'e'];
  const order = (previous: string[], speakers: string[], present = people) =>
    orderTiles(previous, present, new Set(speakers), 3);

  it('brings a speaker of a later page to the first one, in place of somebody silent', () => {
    expect(order(people, ['d'])).toEqual(['me', 'a', 'd', 'c', 'b', 'e']);
  });

  it('moves no speaker who is on the first page already', () => {
    expect(order(people, ['a', 'd'])).toEqual(['me', 'a', 'd', 'c', 'b', 'e']);
    expect(order(people, ['a', 'b', 'd'])).toEqual(people);
  });

  it('stays when nobody new speaks, and keeps those places that it can', () => {
    const moved = order(people, ['d']);
    expect(order(moved, [])).toEqual(moved);
    expect(order(moved, [], ['me', 'a', 'b', 'd', 'f'])).toEqual(['me', 'a', 'd', 'b', 'f']);
  });
});
