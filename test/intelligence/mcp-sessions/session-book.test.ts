import { expect, it } from 'vitest';
import { type McpClientProfile, SessionBook } from '../../../src/intelligence/mcp-sessions/index.ts';
import { MemoryKeyValueStorage } from '../../support/memory-storage.ts';

const CLIENT: McpClientProfile = {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: {} },
  clientInfo: { name: 'test', version: '1' },
};
const HOUR_MS = 3_600_000;

function createBook() {
  let nowMs = 0;
  let isLate: () => void = () => undefined;
  const woken: number[] = [];
  const book = new SessionBook({
    storage: new MemoryKeyValueStorage(),
    nowMs: () => nowMs,
    startTimer: (_ms, run) => {
      isLate = run;
      return () => void (isLate = () => undefined);
    },
    wakeAt: (atMs) => void woken.push(atMs),
  });
  return { book, woken, pass: (ms: number) => void (nowMs += ms), runOut: () => isLate() };
}

it('a session ends an hour after its last use', () => {
  const { book, woken, pass } = createBook();
  book.begin('a', CLIENT);
  pass(HOUR_MS - 1);
  expect(book.use('a')).toEqual(CLIENT);
  pass(HOUR_MS - 1);
  expect(book.use('a')).toEqual(CLIENT);
  pass(HOUR_MS);
  expect(book.use('a')).toBeNull();
  expect(book.sweep()).toBeNull();
  expect(woken).toEqual([HOUR_MS, 2 * HOUR_MS - 1, 3 * HOUR_MS - 2]);
});

it('of more than 20 sessions the one ends that was used least recently', () => {
  const { book, pass } = createBook();
  for (let count = 0; count < 20; count++) {
    book.begin(`s${count}`, CLIENT);
    pass(60_000);
  }
  book.use('s0');
  book.begin('new', CLIENT);
  expect([book.use('s0'), book.use('s1'), book.use('s2')]).toEqual([CLIENT, null, CLIENT]);
});

it('a question is answered once, in its own session alone', async () => {
  const { book } = createBook();
  book.begin('a', CLIENT);
  book.begin('b', CLIENT);
  expect(book.ask('gone', 'q')).toBe(false);
  expect(book.ask('a', 'q')).toBe(true);
  expect(book.answer('b', 'q', { result: 'of another' })).toBe(false);
  expect(await book.answerOf('b', 'q')).toBeNull();
  expect(book.answer('a', 'q', { result: 1 })).toBe(true);
  expect(await book.answerOf('a', 'q')).toEqual({ result: 1 });
  expect(book.answer('a', 'q', { result: 2 })).toBe(false);
});

it('a question ends without an answer after its time, and with its session', async () => {
  const { book, runOut } = createBook();
  book.begin('a', CLIENT);
  book.ask('a', 'late');
  const late = book.answerOf('a', 'late');
  runOut();
  expect(await late).toBeNull();
  book.ask('a', 'ended');
  const ended = book.answerOf('a', 'ended');
  expect(book.end('a')).toBe(true);
  expect(await ended).toBeNull();
  expect(book.end('a')).toBe(false);
});

it('a session has 16 open questions at most, and forgets those that their asker left', () => {
  const { book, pass } = createBook();
  book.begin('a', CLIENT);
  for (let count = 0; count < 16; count++) expect(book.ask('a', `q${count}`)).toBe(true);
  expect(book.ask('a', 'one more')).toBe(false);
  pass(300_000);
  expect(book.ask('a', 'one more')).toBe(true);
});
