import { describe, expect, it } from 'vitest';
import { DueList } from '../../../src/kernel/durable/index.ts';
import { moveDueTable } from '../../../src/realtime/room-store/index.ts';
import { MemoryRoom } from '../../support/memory-room.ts';
import { sendChat } from '../../support/room-helpers.ts';
import { createMemorySql, MemoryKeyValueStorage } from '../../support/memory-storage.ts';

const CREATE_TABLE = 'create table due (name text primary key, at_ms integer not null) without rowid';

/** Stores the room's tasks as earlier versions did: in a table, with none in the key-value storage. */
function storeTasksInTable(room: MemoryRoom): void {
  room.sql.exec(CREATE_TABLE);
  for (const [key, atMs] of room.kv.list({ prefix: 'due-at|' }))
    room.sql.exec('insert into due (name, at_ms) values (?, ?)', key.slice('due-at|'.length), Number(atMs));
  room.kv = new MemoryKeyValueStorage();
  room.evict();
}

describe('a room whose tasks are stored in a table', () => {
  it('persists pending chat at its alarm', async () => {
    const room = new MemoryRoom();
    const ada = room.join('usr_ada');
    sendChat(room, ada, 'hello');
    storeTasksInTable(room);
    await room.passSeconds(1);
    expect(room.storedChat.map((event) => 'text' in event && event.text)).toEqual(['hello']);
  });

  it('still removes a person whose socket was lost before', async () => {
    const room = new MemoryRoom();
    room.join('usr_ada');
    const grace = room.join('usr_grace');
    room.disconnect(grace);
    storeTasksInTable(room);
    await room.passSeconds(11);
    expect(room.core.roster().people.map(({ identity }) => identity)).toEqual(['usr_ada']);
  });

  it('has its alarm set for the first task, and the table is dropped', () => {
    const sql = createMemorySql();
    sql.exec(CREATE_TABLE);
    sql.exec(`insert into due (name, at_ms) values ('tidy', 900), ('drain', 300)`);
    const wakes: number[] = [];
    const due = new DueList(new MemoryKeyValueStorage(), (atMs) => wakes.push(atMs));
    moveDueTable(sql, due);
    expect(Math.min(...wakes)).toBe(300);
    expect(due.next()).toBe(300);
    expect([...sql.exec(`select name from sqlite_master where name = 'due'`)]).toEqual([]);
    moveDueTable(sql, due);
    expect(due.take(1_000)).toEqual(['drain', 'tidy']);
  });
});
