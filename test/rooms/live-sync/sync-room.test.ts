import { beforeEach, describe, expect, it } from 'vitest';
import { createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

describe('a new room', () => {
  it('has a live room with its name, lock and features', async () => {
    meeting = await createMeeting({ name: 'Board', locked: true, features: { chat: false } });
    await meeting.app.drain();
    expect(meeting.commandsOf('room.locked')).toMatchObject([{ locked: true }]);
    expect(meeting.commandsOf('room.updated')).toMatchObject([{ name: 'Board', features: { chat: false } }]);
  });

  it('sends nothing to the cluster', async () => {
    await meeting.join();
    const recover = misbehaveCluster(meeting.app, 'status=503');
    await meeting.app.drain();
    recover();
    expect(meeting.commandsOf('room.updated')).toHaveLength(1);
    expect(meeting.app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a room that is updated', () => {
  it('changes its live room by an event', async () => {
    await meeting.app.drain();
    meeting.app.liveRooms.appliedCommands.length = 0;
    await meeting.send('PATCH', '', meeting.host, { locked: true, name: 'Quiet', features: { chat: false } });
    await meeting.app.drain();
    expect(meeting.commandsOf('room.locked')).toMatchObject([{ locked: true }]);
    expect(meeting.commandsOf('room.updated')).toMatchObject([
      { name: 'Quiet', features: { chat: false, screenShare: true } },
    ]);
  });
});
