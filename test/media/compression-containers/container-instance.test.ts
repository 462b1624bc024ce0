import { beforeEach, describe, expect, it } from 'vitest';
import {
  ContainerInstance,
  instanceOf,
  type ServiceContainer,
} from '../../../src/media/compression-containers/index.ts';
import { MemoryKeyValueStorage } from '../../support/memory-storage.ts';
import { findConnection, findHealth } from '../../../workers/compression-connection.ts';

type Fault = 'cannot be started' | 'is never ready' | 'ends while it starts' | undefined;

/** A container whose process does what is asked of it, or misbehaves. */
class FakeContainer implements ServiceContainer {
  fault: Fault;
  running = false;
  /** How often `/ready` says no before it says yes. */
  coldProbes = 3;
  starts: unknown[] = [];
  signals: number[] = [];
  destroyed = 0;
  readonly served: string[] = [];
  #probes = 0;
  #end: (error?: Error) => void = () => undefined;

  start(options: unknown): void {
    if (this.fault === 'cannot be started') throw new Error('there is no room for it');
    if (this.running) throw new Error('it runs already');
    this.starts.push(options);
    this.running = true;
    this.#probes = 0;
  }
  monitor(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = (error) => (error ? reject(error) : resolve());
      if (this.fault === 'ends while it starts') this.die();
    });
  }
  signal(signal: number): void {
    this.signals.push(signal);
  }
  async destroy(): Promise<void> {
    this.destroyed++;
    this.running = false;
    this.#end();
  }
  die(): void {
    this.running = false;
    this.#end(new Error('exit code 137'));
  }
  getTcpPort() {
    return {
      fetch: async (request: Request): Promise<Response> => {
        if (!this.running) throw new Error('the connection was refused');
        const { pathname } = new URL(request.url);
        if (pathname === '/ready') {
          const isReady = this.fault !== 'is never ready' && ++this.#probes > this.coldProbes;
          return new Response(null, { status: isReady ? 200 : 503 });
        }
        this.served.push(pathname);
        return Response.json({ status: 'ok' });
      },
    };
  }
}

let container: FakeContainer;
let nowMs: number;
let alarmMs: number | null;
let instance: ContainerInstance;

const createInstance = (storage = new MemoryKeyValueStorage()) =>
  new ContainerInstance({
    container,
    storage,
    secret: () => 's'.repeat(32),
    clock: () => ({ now: () => nowMs }),
    timers: () => ({
      random: () => 0,
      sleep: async (ms) => {
        nowMs += ms;
      },
    }),
    log: () => ({ info: () => undefined, warn: () => undefined, error: () => undefined }),
    wakeAt: (atMs) => (alarmMs = Math.min(alarmMs ?? Infinity, atMs)),
    setNext: (atMs) => (alarmMs = atMs),
  });
beforeEach(() => {
  container = new FakeContainer();
  nowMs = 1_800_000_000_000;
  alarmMs = null;
  instance = createInstance();
});

const ask = async (path = '/objects/a.source') =>
  (await instance.fetch(new Request(`http://instance${path}`))).status;
const health = async () => ((await instance.isHealthy()) ? 200 : 503);
/** Rings each alarm until the moment. */
async function pass(seconds: number): Promise<void> {
  const untilMs = nowMs + seconds * 1_000;
  while (alarmMs !== null && alarmMs <= untilMs) {
    nowMs = Math.max(nowMs, alarmMs);
    alarmMs = null;
    await instance.alarm();
  }
  nowMs = untilMs;
}

describe('an instance that sleeps', () => {
  it('is started by the first request, once for all that come meanwhile, with the secret and without a way out', async () => {
    expect(await Promise.all([ask('/a'), ask('/b'), ask('/c')])).toEqual([200, 200, 200]);
    expect(container.starts).toEqual([
      { env: { COMPRESSION_SECRETS: 's'.repeat(32) }, enableInternet: false },
    ]);
    expect(container.served).toEqual(['/a', '/b', '/c']);
  });

  it('is healthy, and is not started by the question', async () => {
    expect([await health(), container.starts]).toEqual([200, []]);
  });
});

describe('an instance', () => {
  it('drains five minutes after the last request, and is destroyed afterwards', async () => {
    await ask();
    await pass(200);
    await ask();
    await pass(290);
    expect([container.signals, container.running]).toEqual([[], true]);
    await pass(20);
    expect([container.signals, container.running]).toEqual([[15], true]);
    await pass(25);
    expect([container.running, alarmMs]).toEqual([false, null]);
    expect(await ask()).toBe(200);
    expect(container.starts).toHaveLength(2);
  });

  it('that is asked for while it is destroyed is started again, and drains later', async () => {
    await ask();
    await pass(305);
    const { destroy } = container;
    let asked: Promise<number> | undefined;
    container.destroy = () => {
      container.destroy = destroy;
      asked = ask();
      return container.destroy();
    };
    await pass(25);
    expect([await asked, container.running]).toEqual([200, true]);
    await pass(305);
    expect(container.signals).toEqual([15, 15]);
  });

  it('that drains is started again by requests, once', async () => {
    await ask();
    await pass(305);
    expect(container.signals).toEqual([15]);
    expect(await Promise.all([ask(), ask()])).toEqual([200, 200]);
    expect([container.destroyed, container.starts.length, container.running]).toEqual([1, 2, true]);
    await pass(60);
    expect(container.running).toBe(true);
  });

  it('that dies fails what was under way, and is started by the next request', async () => {
    await ask();
    container.die();
    expect(await health()).toBe(200);
    expect(await ask()).toBe(200);
    expect(container.starts).toHaveLength(2);
  });

  it('that ended by itself before its alarm is left in peace', async () => {
    await ask();
    container.die();
    await pass(400);
    expect([container.signals, container.destroyed, alarmMs]).toEqual([[], 0, null]);
  });

  it('whose object was evicted is not started twice, and still drains', async () => {
    const storage = new MemoryKeyValueStorage();
    instance = createInstance(storage);
    await ask();
    instance = createInstance(storage);
    expect(await ask()).toBe(200);
    expect(container.starts).toHaveLength(1);
    await pass(305);
    expect(container.signals).toEqual([15]);
  });
});

describe('a start that fails', () => {
  it.each<[NonNullable<Fault>, number]>([
    ['cannot be started', 0],
    ['is never ready', 1],
    ['ends while it starts', 0],
  ])('because it %s answers 503, is not healthy, and is repeated after a while', async (fault, destroyed) => {
    container.fault = fault;
    expect(await Promise.all([ask(), ask()])).toEqual([503, 503]);
    expect([container.running, container.destroyed, await health()]).toEqual([false, destroyed, 503]);
    const { length } = container.starts;
    expect(await ask()).toBe(503);
    expect(container.starts).toHaveLength(length);
    container.fault = undefined;
    nowMs += 5_000;
    expect([await ask(), await health()]).toEqual([200, 200]);
  });

  it('is forgotten after five minutes in which nothing asked for it', async () => {
    container.fault = 'cannot be started';
    await ask();
    nowMs += 299_000;
    expect(await health()).toBe(503);
    nowMs += 1_000;
    expect(await health()).toBe(200);
  });

  it('is none where it only takes long', async () => {
    container.coldProbes = 100;
    expect(await ask()).toBe(200);
  });
});

describe('several instances', () => {
  const sent: [instance: number, path: string][] = [];
  const answers = [200, 200];
  const instances = {
    fetch: async (at: number, request: Request) => {
      sent.push([at, new URL(request.url).pathname]);
      return new Response();
    },
    isHealthy: async (at: number) => answers[at] === 200,
  };
  const config = { COMPRESSION_URL: undefined, COMPRESSION_SECRET: 's'.repeat(32), COMPRESSION_INSTANCES: 2 };

  it('share tasks, and all of a task goes to one of them', async () => {
    const keys = Array.from({ length: 200 }, (_, at) => `cmp_01jd3v7q8gf4kr2x6a0w9mz${at}`);
    const first = keys.filter((key) => instanceOf(key, 2) === 0);
    expect(first.length).toBeGreaterThan(60);
    expect(first.length).toBeLessThan(140);
    const connection = findConnection(config, instances)!;
    for (const path of ['/objects/x.source', '/service/GetTask'])
      await connection.fetchFor(keys[7]!)(`${connection.url}${path}`);
    const at = instanceOf(keys[7]!, 2);
    expect(sent).toEqual([
      [at, '/objects/x.source'],
      [at, '/service/GetTask'],
    ]);
  });

  it('are healthy when each of them is', async () => {
    const probe = async () => (await findHealth(config, instances).fetch!('')).status;
    expect(await probe()).toBe(200);
    answers[1] = 503;
    expect(await probe()).toBe(503);
  });
});
