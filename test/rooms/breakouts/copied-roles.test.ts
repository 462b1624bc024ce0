import { expect, it } from 'vitest';
import { createMeeting } from '../../support/meeting.ts';

const divide = async (role: 'moderator' | 'participant') => {
  const meeting = await createMeeting();
  const [person, other] = [await meeting.join({ role }), await meeting.join()];
  const rooms = [{ name: 'Red', identities: [other.identity, person.identity] }];
  const opened = await meeting.send('POST', '/breakouts', meeting.host, { rooms, durationSeconds: 600 });
  await meeting.app.drain();
  const group = opened.body.rooms[0].roomId as string;
  return {
    async give(newRole: string) {
      const path = `/participants/${person.participantId}`;
      expect((await meeting.send('PATCH', path, meeting.host, { role: newRole })).status).toBe(200);
      await meeting.app.drain();
    },
    lock: async () => {
      const send = (roomId: string) =>
        meeting.app.send('POST', `/api/v1/rooms/${roomId}/lock`, { token: person.token });
      return [(await send(meeting.roomId)).status, (await send(group)).status];
    },
  };
};

it('a moderator who is demoted in the divided room moderates its breakout rooms no longer', async () => {
  const { give, lock } = await divide('moderator');
  await give('participant');
  expect(await lock()).toEqual([403, 403]);
});

it('a participant who is made a moderator in the divided room moderates its breakout rooms', async () => {
  const { give, lock } = await divide('participant');
  await give('moderator');
  expect(await lock()).toEqual([200, 200]);
});
