import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryLine, MemoryRoom } from '../../support/live-room.ts';
import { tell } from './room.ts';

const NOW = '2026-01-05T09:30:00.000Z';
const POLL = {
  pollId: 'pol_01jd3v7q8gf4kr2x6a0w9mznpe',
  question: 'Lunch?',
  options: [{ optionId: 'a', text: 'Yes', votes: null }],
  maxChoices: 1,
  anonymous: false,
  status: 'open',
  voters: null,
  openedAt: NOW,
  closedAt: null,
};

let room: MemoryRoom;

beforeEach(() => {
  room = new MemoryRoom();
});

const passHours = async (hours: number) => {
  for (let hour = 0; hour < hours; hour++) await room.pass(3_600);
};

const tellAll = () => {
  tell(room, { type: 'room.updated', name: 'Standup', features: { files: false } });
  tell(room, { type: 'room.locked', locked: true });
  tell(room, { type: 'poll.opened', poll: POLL });
};

const expectKnown = (line: MemoryLine) =>
  expect(line.of('welcome')[0]!.state).toMatchObject({
    name: 'Standup',
    locked: true,
    features: { files: false },
    polls: [{ pollId: POLL.pollId, status: 'open' }],
  });

describe('a quiet room', () => {
  it('keeps what it was told of itself, though nobody came', async () => {
    tellAll();
    await passHours(60);
    expect(room.forgotten).toBe(0);
    expectKnown(room.join('ext_ada'));
  });

  it('keeps it when the last person has been away for longer than anybody is remembered', async () => {
    const ada = room.join('ext_ada');
    const { epoch } = ada.of('welcome')[0]!.cursor;
    tellAll();
    const head = room.keeper.roster().seq;
    room.drop(ada, 1000);
    await passHours(33 * 24);
    room.evict();
    const again = room.join('ext_ada');
    expectKnown(again);
    const { cursor } = again.of('welcome')[0]!;
    expect(cursor.epoch).toBe(epoch);
    expect(cursor.seq).toBeGreaterThan(head);
  });

  it('sleeps: nothing is due in it any more', async () => {
    tellAll();
    await passHours(60);
    expect(room.alarmAtMs).toBeNull();
  });

  it('forgets everything where nothing is known of it', async () => {
    const ada = room.join('ext_ada');
    room.drop(ada, 1000);
    await passHours(33 * 24);
    expect(room.forgotten).toBe(1);
  });
});
