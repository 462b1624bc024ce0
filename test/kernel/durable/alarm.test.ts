import { describe, expect, it } from 'vitest';
import { Alarm, type AlarmHost } from '../../../src/kernel/durable/index.ts';

/** The state of a Durable Object, as far as its alarm is concerned; `storedAtMs` is what the storage holds. */
class TestHost implements AlarmHost {
  storedAtMs: number | null;
  writes = 0;
  loading: Promise<unknown> = Promise.resolve();

  constructor(storedAtMs: number | null = null) {
    this.storedAtMs = storedAtMs;
  }

  storage = {
    getAlarm: async () => this.storedAtMs,
    setAlarm: async (atMs: number) => {
      this.writes++;
      this.storedAtMs = atMs;
    },
    deleteAlarm: async () => {
      this.writes++;
      this.storedAtMs = null;
    },
  };

  waitUntil(): void {}

  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T> {
    const done = work();
    this.loading = done;
    return done;
  }
}

async function loadAlarm(host: TestHost): Promise<Alarm> {
  const alarm = new Alarm(host);
  await host.loading;
  return alarm;
}

describe('the alarm of a Durable Object', () => {
  it('is moved earlier and never later by wakeAt', async () => {
    const host = new TestHost();
    const alarm = await loadAlarm(host);
    alarm.wakeAt(200);
    alarm.wakeAt(300);
    expect(host.storedAtMs).toBe(200);
    alarm.wakeAt(100);
    expect(host.storedAtMs).toBe(100);
  });

  it('is not written again for a time that it covers', async () => {
    const host = new TestHost(100);
    const alarm = await loadAlarm(host);
    alarm.wakeAt(100);
    alarm.wakeAt(200);
    expect(host.writes).toBe(0);
  });

  it('keeps an earlier alarm that was stored before an eviction, whatever the constructor asks for', async () => {
    const host = new TestHost(100);
    const alarm = new Alarm(host);
    alarm.wakeAt(200);
    await host.loading;
    expect(host.storedAtMs).toBe(100);
  });

  it('is set to what the constructor asks for when that is earlier than the stored one', async () => {
    const host = new TestHost(300);
    const alarm = new Alarm(host);
    alarm.wakeAt(200);
    await host.loading;
    expect(host.storedAtMs).toBe(200);
  });

  it('can be set again to any time once it has fired', async () => {
    const host = new TestHost(100);
    const alarm = await loadAlarm(host);
    alarm.markFired();
    alarm.wakeAt(500);
    expect(host.storedAtMs).toBe(500);
  });

  it('is moved later, or deleted, by setNext', async () => {
    const host = new TestHost(100);
    const alarm = await loadAlarm(host);
    alarm.setNext(400);
    expect(host.storedAtMs).toBe(400);
    alarm.setNext(null);
    expect(host.storedAtMs).toBeNull();
    alarm.wakeAt(900);
    expect(host.storedAtMs).toBe(900);
  });
});
