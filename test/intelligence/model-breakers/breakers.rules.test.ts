import { describe, expect, it } from 'vitest';
import { BreakerBoard } from '../../../src/intelligence/model-breakers/breaker-board.ts';
import { stateOf } from '../../../src/intelligence/model-breakers/breakers.rules.ts';
import { SeenBreakers } from '../../../src/intelligence/model-breakers/seen-breakers.ts';
import { MemoryKeyValueStorage } from '../../support/memory-storage.ts';

const TARGET = { provider: 'anthropic', model: 'a', keyId: null } as const;
const FAILED = { ...TARGET, hasFailed: true, successes: 0, retryAfterMs: null };

function createBoard() {
  const board = new BreakerBoard(new MemoryKeyValueStorage());
  const fail = (times: number, nowMs: number, fields: object = {}) => {
    for (let time = 0; time < times; time++) board.report({ ...FAILED, ...fields }, nowMs);
  };
  const state = (nowMs: number, model = 'a') => {
    const found = board.read().find((each) => each.model === model);
    return found ? stateOf(found, nowMs) : 'closed';
  };
  return { board, fail, state };
}

describe('a breaker', () => {
  it('opens after five failures of a minute, of that model and key alone', () => {
    const { board, fail, state } = createBoard();
    fail(4, 0);
    expect(state(0)).toBe('closed');
    fail(1, 59_999);
    expect(state(59_999)).toBe('open');
    expect(board.probe({ ...TARGET, keyId: 'apk_1' }, 59_999)).toBe(true);
    expect(board.probe({ ...TARGET, model: 'b' }, 59_999)).toBe(true);
    expect(board.probe(TARGET, 59_999)).toBe(false);
  });

  it('stays closed when failures are of another minute, or fewer than answers', () => {
    const { fail, state } = createBoard();
    fail(4, 0);
    fail(4, 60_000);
    expect(state(60_000)).toBe('closed');
    const busy = createBoard();
    busy.fail(1, 0, { successes: 20 });
    busy.fail(18, 0);
    expect(busy.state(0)).toBe('closed');
    busy.fail(1, 0);
    expect(busy.state(0)).toBe('open');
  });

  it('lets one probe through after 15 seconds, and another when that says nothing for a minute', () => {
    const { board, fail, state } = createBoard();
    fail(5, 0);
    expect([state(14_999), state(15_000)]).toEqual(['open', 'half_open']);
    expect([15_000, 15_000, 74_999, 75_000].map((nowMs) => board.probe(TARGET, nowMs))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('closes when a probe answers, and is open twice as long after each that fails, five minutes at most', () => {
    const { board, fail, state } = createBoard();
    fail(5, 0);
    fail(1, 15_000);
    expect([state(44_999), state(45_000)]).toEqual(['open', 'half_open']);
    let nowMs = 45_000;
    for (const openMs of [60_000, 120_000, 240_000, 300_000, 300_000]) {
      fail(1, nowMs);
      expect([state(nowMs + openMs - 1), state(nowMs + openMs)]).toEqual(['open', 'half_open']);
      nowMs += openMs;
    }
    board.report({ ...FAILED, hasFailed: false, successes: 1 }, nowMs);
    expect(state(nowMs)).toBe('closed');
    fail(4, nowMs);
    expect(state(nowMs)).toBe('closed');
  });

  it('is open as long as the provider has said, within five minutes', () => {
    const { fail, state } = createBoard();
    fail(5, 0, { retryAfterMs: 40_000 });
    expect([state(39_999), state(40_000)]).toEqual(['open', 'half_open']);
    const long = createBoard();
    long.fail(5, 0, { retryAfterMs: 9_000_000 });
    expect(long.state(300_000)).toBe('half_open');
  });

  it('is not changed while it is open by what was asked before', () => {
    const { board, fail, state } = createBoard();
    fail(9, 0);
    board.report({ ...FAILED, hasFailed: false, successes: 1 }, 1);
    expect([state(14_999), state(15_000)]).toEqual(['open', 'half_open']);
  });

  it('is forgotten an hour after its last change', () => {
    const { board, fail } = createBoard();
    fail(1, 0);
    expect(board.prune(3_599_999)).toBe(3_600_000);
    expect(board.prune(3_600_000)).toBeNull();
    expect(board.read()).toEqual([]);
  });
});

it('the platform is shown as open while a model is open for two organizations on its key', () => {
  let nowMs = 0;
  const seen = new SeenBreakers({ now: () => nowMs });
  const openOn = (keyId: string | null) => {
    const { board, fail } = createBoard();
    fail(5, 0, { keyId });
    return board.read();
  };
  seen.see('org_1', openOn(null));
  seen.see('org_2', openOn('apk_1'));
  expect(seen.state()).toBe('closed');
  seen.see('org_2', openOn(null));
  expect(seen.state()).toBe('open');
  nowMs = 15_000;
  expect(seen.state()).toBe('closed');
});
