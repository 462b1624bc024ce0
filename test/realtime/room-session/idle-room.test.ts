import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { applyCommand } from '../../support/room-helpers.ts';

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
  for (let hour = 0; hour < hours; hour++) await room.passSeconds(3_600);
};

const applyAllCommands = () => {
  applyCommand(room, { type: 'room.updated', name: 'Standup', features: { files: false } });
  applyCommand(room, { type: 'room.locked', locked: true });
  applyCommand(room, { type: 'poll.opened', poll: POLL });
};

const expectStateKept = (socket: MemorySocket) =>
  expect(socket.framesOf('welcome')[0]!.state).toMatchObject({
    name: 'Standup',
    locked: true,
    features: { files: false },
    polls: [{ pollId: POLL.pollId, status: 'open' }],
  });

describe('an idle room', () => {
  it('keeps the facts that verbs sent, even if nobody ever joined', async () => {
    applyAllCommands();
    await passHours(60);
    expect(room.timesForgotten).toBe(0);
    expectStateKept(room.join('ext_ada'));
  });

  it('keeps them after its last person is forgotten', async () => {
    const ada = room.join('ext_ada');
    const { epoch } = ada.framesOf('welcome')[0]!.cursor;
    applyAllCommands();
    const head = room.core.roster().seq;
    room.disconnect(ada, 1000);
    await passHours(33 * 24);
    room.evict();
    const again = room.join('ext_ada');
    expectStateKept(again);
    const { cursor } = again.framesOf('welcome')[0]!;
    expect(cursor.epoch).toBe(epoch);
    expect(cursor.seq).toBeGreaterThan(head);
  });

  it('has no due task and sleeps', async () => {
    applyAllCommands();
    await passHours(60);
    expect(room.alarmAtMs).toBeNull();
  });

  it('deletes everything if it has no facts', async () => {
    const ada = room.join('ext_ada');
    room.disconnect(ada, 1000);
    await passHours(33 * 24);
    expect(room.timesForgotten).toBe(1);
  });
});
