import { expect, it } from 'vitest';
import { MOST_BEHIND_MS, SpeakingQueue } from '../../../workers/captions/speaking-queue.ts';

function create() {
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const clock = { nowMs: 0 };
  const queue = new SpeakingQueue({
    now: () => clock.nowMs,
    speak: async (text, signal) => {
      log.push(text);
      if (text === 'refused') throw new Error('refused');
      await new Promise<void>((resolve) => {
        ends.push(resolve);
        signal.addEventListener('abort', () => resolve());
      });
      log.push(signal.aborted ? `${text} broken off` : `${text} said`);
    },
    onSkipped: (reason) => void log.push(reason),
  });
  const settle = async () => {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  };
  return {
    log,
    clock,
    queue,
    settle,
    add: (text: string) => queue.add({ text, saidAtMs: clock.nowMs }),
    end: async () => {
      ends.shift()?.();
      await settle();
    },
  };
}

it('sentences are spoken one after another, and one that could not be spoken holds up no other', async () => {
  const { log, add, end, settle } = create();
  add('one');
  add('refused');
  add('two');
  await settle();
  expect(log).toEqual(['one']);
  await end();
  expect(log).toEqual(['one', 'one said', 'refused', 'failed', 'two']);
  await end();
  add('three');
  await settle();
  expect(log.slice(-2)).toEqual(['two said', 'three']);
});

it('a sentence that would be spoken too long after it was said is skipped, and the voice is up to date again', async () => {
  const { log, clock, add, end, settle } = create();
  add('one');
  add('two');
  clock.nowMs = MOST_BEHIND_MS + 1;
  add('three');
  await end();
  expect(log).toEqual(['one', 'one said', 'late', 'three']);
  await end();
  clock.nowMs += MOST_BEHIND_MS;
  add('four');
  add('five');
  await settle();
  expect(log.slice(-2)).toEqual(['three said', 'four']);
});

it('when there are no listeners any more, what is being said breaks off and what waits is dropped', async () => {
  const { log, queue, add, settle } = create();
  add('one');
  add('two');
  queue.clear();
  await settle();
  expect(log).toEqual(['one', 'one broken off']);
  add('three');
  await settle();
  expect(log.slice(2)).toEqual(['three']);
});
