import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PoolFull } from '../src/frames/single-frames.ts';
import { inTurn, TooCostly } from '../src/objects/in-turn.ts';
import { TaskQueue } from '../src/objects/task-queue.ts';

let workFolder: string;
let queue: TaskQueue;
let order: string[];
let ends: (() => void)[];
beforeAll(async () => {
  workFolder = await mkdtemp(join(tmpdir(), 'auralink-turns-'));
});
afterAll(() => rm(workFolder, { recursive: true, force: true }));
beforeEach(() => {
  queue = new TaskQueue({ processes: 1, maxProcessBytes: 1e9, workFolder });
  order = [];
  ends = [];
});

/** Work that lasts until it is ended. */
const add = (owner: string, name: string, signal = new AbortController().signal) =>
  queue.run(owner, signal, () => {
    order.push(name);
    return new Promise<void>((resolve) => ends.push(resolve));
  });

async function endAll(works: Promise<void>[]): Promise<void> {
  for (let i = 0; i < works.length; i++) {
    await expect.poll(() => ends.length).toBe(i + 1);
    ends[i]!();
  }
  await Promise.all(works);
}

describe('objects that wait', () => {
  it('are worked on in turns of their owners, each owner in the order of its own', async () => {
    const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'];
    await endAll(names.map((name) => add(name[0]!, name)));
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('of one owner are refused before they take all places', async () => {
    const works = Array.from({ length: 17 }, (_, i) => add('a', `a${i}`)); // one runs
    await expect(add('a', 'too many')).rejects.toBeInstanceOf(PoolFull);
    const other = add('b', 'b1');
    await endAll([...works, other]);
    expect(order.slice(0, 3)).toEqual(['a0', 'a1', 'b1']);
  });

  it('leave their place when they are cancelled', async () => {
    const cancel = new AbortController();
    const first = add('a', 'a1');
    const left = add('b', 'b1', cancel.signal);
    const last = add('a', 'a2');
    cancel.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    await endAll([first, last]);
    expect(order).toEqual(['a1', 'a2']);
  });

  it('run one at a time, also when work fails', async () => {
    const failing = queue.run('a', new AbortController().signal, () => Promise.reject(new Error('broken')));
    const works = [add('a', 'a1'), add('b', 'b1')];
    await expect(failing).rejects.toThrow('broken');
    await expect.poll(() => order).toEqual(['a1']);
    await endAll(works);
    expect(order).toEqual(['a1', 'b1']);
  });

  it('are refused as not begun when their turn does not come', async () => {
    const first = add('a', 'a1');
    const turn = { owner: 'b', signal: new AbortController().signal, waitSeconds: 0.05, seconds: 60 };
    const missed = inTurn(queue, turn, async () => void order.push('b1'));
    await expect(missed).rejects.toBeInstanceOf(PoolFull);
    await endAll([first]);
    expect(order).toEqual(['a1']);
  });

  it('have their time from their turn on, and are refused when it is over', async () => {
    const first = add('a', 'a1');
    const turn = { owner: 'b', signal: new AbortController().signal, waitSeconds: 60, seconds: 0.05 };
    const costly = inTurn(queue, turn, ({ signal }) => {
      order.push('b1');
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    const refused = expect(costly).rejects.toBeInstanceOf(TooCostly);
    await sleep(100);
    expect(order).toEqual(['a1']);
    await endAll([first]);
    await refused;
    expect(order).toEqual(['a1', 'b1']);
  });
});
