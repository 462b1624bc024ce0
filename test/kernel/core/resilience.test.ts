import { describe, expect, it } from 'vitest';
import { createBreaker, retry, type RetryPolicy, type Timers } from '../../../src/kernel/core/index.ts';
import { TestClock } from '../../support/app.ts';

/** Timers that record the delays and return the given random value. */
function createTimers(chance: number): Timers & { slept: number[] } {
  const slept: number[] = [];
  return { slept, sleep: async (ms) => void slept.push(ms), random: () => chance };
}

const policy: RetryPolicy = { attempts: 4, baseDelayMs: 100, isTransient: () => true };

/** Work that fails `times` times and then succeeds. */
function createFailingWork(times: number) {
  let runs = 0;
  return {
    runs: () => runs,
    work: async () => {
      if (++runs <= times) throw new Error(`failure ${runs}`);
      return 'answer';
    },
  };
}

describe('retry', () => {
  it('runs successful work once', async () => {
    const timers = createTimers(1);
    expect(await retry(createFailingWork(0).work, policy, timers)).toBe('answer');
    expect(timers.slept).toEqual([]);
  });

  it('doubles the longest delay with each attempt', async () => {
    const timers = createTimers(1);
    expect(await retry(createFailingWork(3).work, policy, timers)).toBe('answer');
    expect(timers.slept).toEqual([100, 200, 400]);
  });

  it('spreads delays evenly, so that callers do not retry at the same time', async () => {
    for (const chance of [0, 0.25, 0.999]) {
      const timers = createTimers(chance);
      await retry(createFailingWork(2).work, policy, timers);
      expect(timers.slept).toEqual([100 * chance, 200 * chance]);
    }
  });

  it('rethrows the failure of the last attempt', async () => {
    const { work, runs } = createFailingWork(10);
    await expect(retry(work, policy, createTimers(1))).rejects.toThrow('failure 4');
    expect(runs()).toBe(4);
  });

  it('does not retry a permanent failure', async () => {
    const { work, runs } = createFailingWork(10);
    await expect(retry(work, { ...policy, isTransient: () => false }, createTimers(1))).rejects.toThrow(
      'failure 1',
    );
    expect(runs()).toBe(1);
  });
});

class Refusal extends Error {}

function setUp() {
  const clock = new TestClock();
  const breaker = createBreaker({
    name: 'provider',
    clock,
    failureThreshold: 3,
    openMs: 10_000,
    isFailure: (error) => !(error instanceof Refusal),
  });
  let called = 0;
  const succeed = () => breaker.run(async () => void called++);
  const fail = () => breaker.run(() => (called++, Promise.reject(new Error('down'))));
  const refuse = () => breaker.run(() => Promise.reject(new Refusal('no')));
  const open = async () => {
    for (let times = 0; times < 3; times++) await expect(fail()).rejects.toThrow('down');
  };
  return { clock, breaker, succeed, fail, refuse, open, called: () => called };
}

describe('a circuit breaker', () => {
  it('opens after the given number of consecutive failures, and names the remaining seconds', async () => {
    const { breaker, open, succeed, called, clock } = setUp();
    await open();
    expect(breaker.state).toBe('open');
    clock.advanceSeconds(4);
    await expect(succeed()).rejects.toMatchObject({
      code: 'server.unavailable',
      details: { retryAfterSeconds: 6 },
    });
    expect(called()).toBe(3);
  });

  it('stays closed when failures are not consecutive', async () => {
    const { breaker, fail, succeed } = setUp();
    for (let times = 0; times < 5; times++) {
      await expect(fail()).rejects.toThrow('down');
      await expect(fail()).rejects.toThrow('down');
      await succeed();
    }
    expect(breaker.state).toBe('closed');
  });

  it('does not count a refusal as a failure', async () => {
    const { breaker, refuse } = setUp();
    for (let times = 0; times < 10; times++) await expect(refuse()).rejects.toThrow('no');
    expect(breaker.state).toBe('closed');
  });

  it('permits one trial after its open time, and closes when the trial succeeds', async () => {
    const { breaker, open, succeed, called, clock } = setUp();
    await open();
    clock.advanceSeconds(10);
    expect(breaker.state).toBe('half_open');
    let finish = () => {};
    const trial = breaker.run(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    await expect(succeed()).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(called()).toBe(3);
    finish();
    await trial;
    expect(breaker.state).toBe('closed');
    await succeed();
    expect(called()).toBe(4);
  });

  it('opens again for the full time when the trial fails', async () => {
    const { breaker, open, fail, clock } = setUp();
    await open();
    clock.advanceSeconds(10);
    await expect(fail()).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
    clock.advanceSeconds(9);
    expect(breaker.state).toBe('open');
    clock.advanceSeconds(1);
    expect(breaker.state).toBe('half_open');
  });

  it('permits another trial when the first one never ends', async () => {
    const { breaker, open, succeed, clock } = setUp();
    await open();
    clock.advanceSeconds(10);
    void breaker.run(() => new Promise(() => undefined));
    clock.advanceSeconds(9);
    await expect(succeed()).rejects.toMatchObject({ code: 'server.unavailable' });
    clock.advanceSeconds(1);
    await succeed();
    expect(breaker.state).toBe('closed');
  });

  it.each([
    ['success', false],
    ['failure', true],
  ])(
    'neither closes nor stays open for longer by the %s of a call that began before it opened',
    async (_end, fails) => {
      const { breaker, open, succeed, clock } = setUp();
      const end = Promise.withResolvers<void>();
      const early = breaker.run(() => end.promise);
      await open();
      clock.advanceSeconds(5);
      if (fails) end.reject(new Error('late'));
      else end.resolve();
      await early.catch(() => undefined);
      expect(breaker.state).toBe('open');
      clock.advanceSeconds(5);
      expect(breaker.state).toBe('half_open');
      await succeed();
      expect(breaker.state).toBe('closed');
    },
  );

  it('has one trial, also when a call that began before it opened ends meanwhile', async () => {
    const { breaker, open, succeed, clock } = setUp();
    const [early, trial] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const calls = [breaker.run(() => early.promise)];
    await open();
    clock.advanceSeconds(10);
    calls.push(breaker.run(() => trial.promise));
    early.resolve();
    await calls[0];
    await expect(succeed()).rejects.toMatchObject({ code: 'server.unavailable' });
    trial.resolve();
    await calls[1];
    expect(breaker.state).toBe('closed');
  });

  it('passes on results and failures unchanged', async () => {
    const { breaker } = setUp();
    expect(await breaker.run(async () => 42)).toBe(42);
    const failure = new Error('own');
    await expect(breaker.run(() => Promise.reject(failure))).rejects.toBe(failure);
  });
});
