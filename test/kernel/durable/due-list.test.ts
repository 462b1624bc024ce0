import { beforeEach, describe, expect, it } from 'vitest';
import { DueList } from '../../../src/kernel/durable/index.ts';
import { MemoryKeyValueStorage } from '../../support/memory-storage.ts';

let storage: MemoryKeyValueStorage;
let due: DueList;
let added: number[];

beforeEach(() => {
  storage = new MemoryKeyValueStorage();
  added = [];
  due = new DueList(storage, (atMs) => added.push(atMs));
});

describe('a due list', () => {
  it('gives each name once its time has come, the earliest first', () => {
    due.add(300, 'c');
    due.add(100, 'a');
    due.addEarliest(200, 'b');
    expect(due.take(99)).toEqual([]);
    expect(due.take(200)).toEqual(['a', 'b']);
    expect(due.next()).toBe(300);
    expect(due.take(1_000)).toEqual(['c']);
    expect(due.next()).toBeNull();
  });

  it('takes at most the limit and leaves the rest due', () => {
    for (let i = 0; i < 5; i++) due.add(100, `task ${i}`);
    expect(due.take(100, 2)).toEqual(['task 0', 'task 1']);
    expect(due.take(100, 10)).toHaveLength(3);
  });

  it('reports the time of every new entry, so that the alarm is never too late', () => {
    due.add(200, 'a');
    due.addEarliest(300, 'b');
    due.addEarliest(400, 'b');
    due.addEarliest(100, 'b');
    expect(added).toEqual([200, 300, 100]);
  });

  it('survives an eviction: another list over the same storage knows it all', () => {
    due.add(100, 'a');
    due.addEarliest(300, 'b');
    const reloaded = new DueList(storage, () => undefined);
    expect(reloaded.addEarliest(400, 'b')).toBe(false);
    expect(reloaded.take(300)).toEqual(['a', 'b']);
  });

  it('leaves nothing in the storage once everything was taken or cancelled', () => {
    due.add(100, 'a');
    due.addEarliest(100, 'b');
    due.addEarliest(50, 'b');
    due.addEarliest(100, 'c');
    due.cancelEarliest('c');
    due.add(700, 'd');
    due.cancel(700, 'd');
    due.take(100);
    expect(storage.size).toBe(0);
  });
});

describe('add', () => {
  it('lets one name be due at several times', () => {
    due.add(100, 'a');
    due.add(200, 'a');
    expect(due.take(100)).toEqual(['a']);
    expect(due.take(200)).toEqual(['a']);
  });

  it('is taken back for one of these times alone', () => {
    due.add(100, 'a');
    due.add(200, 'a');
    due.cancel(100, 'a');
    expect(due.next()).toBe(200);
  });
});

describe('addEarliest', () => {
  it('keeps one entry for each name, the earliest', () => {
    expect(due.addEarliest(200, 'a')).toBe(true);
    expect(due.addEarliest(300, 'a')).toBe(false);
    expect(due.addEarliest(200, 'a')).toBe(false);
    expect(due.addEarliest(100, 'a')).toBe(true);
    expect(due.take(1_000)).toEqual(['a']);
  });

  it('accepts the name again once it was taken, at any time', () => {
    due.addEarliest(100, 'a');
    due.take(100);
    expect(due.addEarliest(500, 'a')).toBe(true);
    expect(due.next()).toBe(500);
  });

  it('is cancelled whenever it is due; cancelling what is not there changes nothing', () => {
    due.addEarliest(100, 'a');
    due.cancelEarliest('a');
    due.cancelEarliest('a');
    expect(due.take(1_000)).toEqual([]);
    expect(due.addEarliest(900, 'a')).toBe(true);
  });
});
