import { describe, expect, it } from 'vitest';
import type { NewClusterEvent } from '../../../src/calls/sync/cluster-events.queries.ts';
import { storeClusterEvent } from '../../../src/calls/sync/store-cluster-event.ts';
import type { CommitRequest, Ports } from '../../../src/kernel/context/index.ts';
import type { DomainEvent } from '../../../src/kernel/events/index.ts';

const event = (id: string, room = 'call_1'): NewClusterEvent => ({
  id,
  cluster: 'default',
  room,
  type: 'participant_joined',
  body: '{}',
  receivedAt: new Date(0),
});

/** An isolate in which the test decides when and how each commit ends. */
function createIsolate() {
  const commits: { ids: string[]; events: DomainEvent[]; end: (error?: Error) => void }[] = [];
  const insert = (ids: string[]) => ({
    insert: () => ({
      values: (rows: NewClusterEvent[]) => {
        ids.push(...rows.map(({ id }) => id));
        return { onConflictDoNothing: () => undefined };
      },
    }),
  });
  const commit = <R>({ write, events = [], result }: CommitRequest<R>): Promise<R> => {
    const ids: string[] = [];
    write(insert(ids) as never);
    return new Promise((resolve, reject) => {
      commits.push({ ids, events, end: (error) => (error ? reject(error) : resolve(result)) });
    });
  };
  return { ctx: { ports: {} as Ports, commit }, commits };
}

/** Timers that let all pending work run and never advance. */
const timers = { sleep: () => new Promise<void>((resolve) => setImmediate(resolve)), random: () => 0 };
const runTurns = async () => {
  for (let turn = 0; turn < 20; turn++) await timers.sleep();
};

describe('events that arrive during a commit', () => {
  it('are stored together in the next one, with one domain event for each call', async () => {
    const { ctx, commits } = createIsolate();
    const all = [
      storeClusterEvent(ctx, event('a'), timers),
      storeClusterEvent(ctx, event('b'), timers),
      storeClusterEvent(ctx, event('c'), timers),
      storeClusterEvent(ctx, event('d', 'call_2'), timers),
    ];
    await runTurns();
    expect(commits.map(({ ids }) => ids)).toEqual([['a']]);
    commits[0]!.end();
    await runTurns();
    expect(commits[1]!.ids.toSorted()).toEqual(['b', 'c', 'd']);
    expect(commits[1]!.events.map(({ key }) => key).toSorted()).toEqual(['call_1', 'call_2']);
    commits[1]!.end();
    await Promise.all(all);
    expect(commits).toHaveLength(2);
  });

  it('do not share its failure, but that of their own commit', async () => {
    const { ctx, commits } = createIsolate();
    const all = ['a', 'b', 'c'].map((id) => storeClusterEvent(ctx, event(id), timers));
    const ends = Promise.allSettled(all);
    await runTurns();
    commits[0]!.end(new Error('first'));
    await runTurns();
    commits[1]!.end(new Error('second'));
    expect((await ends).map((each) => each.status === 'rejected' && String(each.reason))).toEqual([
      'Error: first',
      'Error: second',
      'Error: second',
    ]);
  });

  it('are stored by their own request when the request that was storing them is gone', async () => {
    const { ctx, commits } = createIsolate();
    // The runtime dropped this request: its commit never ends.
    void storeClusterEvent(ctx, event('a'), timers);
    await runTurns();
    const lateEvent = storeClusterEvent(ctx, event('b'), { ...timers, sleep: () => Promise.resolve() });
    for (let turn = 0; turn < 300 && commits.length < 2; turn++) await runTurns();
    expect(commits[1]!.ids).toContain('b');
    commits[1]!.end();
    await lateEvent;
  });
});
