import { describe, expect, it } from 'vitest';
import { endByAbsence, endByHanging, isNews } from '../../../src/media/egress/egress.rules.ts';

const NOW = Date.parse('2026-01-05T10:00:00.000Z');
const at = (seconds: number) => NOW + seconds * 1000;
const requested = {
  state: 'requested',
  stateAt: new Date(NOW),
  egress: null,
  begunAt: null,
  listedAt: null as Date | null,
  stopRequestedAt: null as Date | null,
};
const active = { ...requested, state: 'active', egress: 'EG_1', listedAt: new Date(NOW) };

describe('an egress', () => {
  it('that does not begin within five minutes, or does not end an hour after it was stopped, has failed', () => {
    const hangs = { state: 'failed', reason: 'recorder_hangs' };
    const starting = { ...requested, state: 'starting' };
    expect(endByHanging(starting, at(299))).toBeNull();
    expect(endByHanging(starting, at(300))).toEqual(hangs);
    expect(endByHanging(active, at(36_000))).toBeNull();
    const stopped = { ...active, stopRequestedAt: new Date(NOW) };
    expect(endByHanging(stopped, at(3_599))).toBeNull();
    for (const each of [stopped, { ...active, state: 'finalizing' }])
      expect(endByHanging(each, at(3_600))).toEqual(hangs);
  });

  it('that the cluster does not list any more is lost after two minutes; one that was never begun has failed after one', () => {
    expect(endByAbsence(active, at(119))).toBeNull();
    expect(endByAbsence(active, at(120))).toEqual({ state: 'lost', reason: 'not_listed' });
    expect(endByAbsence(requested, at(59))).toBeNull();
    expect(endByAbsence(requested, at(60))).toEqual({ state: 'failed', reason: 'no_recorder' });
    for (const state of ['failed', 'verifying', 'ended'])
      expect(endByAbsence({ ...active, state }, at(1_200))).toBeNull();
  });

  it('is written again when something changed, or when it was last listed most of a minute ago', () => {
    const again = (seconds: number) => ({ state: 'active', listedAt: new Date(at(seconds)) });
    expect(isNews(active, again(10))).toBe(false);
    expect(isNews(active, again(60))).toBe(true);
    expect(isNews(active, { ...again(10), state: 'finalizing' })).toBe(true);
  });
});
