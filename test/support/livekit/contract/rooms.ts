import { describe, expect, it } from 'vitest';
import {
  adminGrants,
  callApi,
  type AnswerBody,
  createRoomName,
  type RequireMediaServer,
  eventSummaries,
} from './tested-media-server.ts';

/** Rooms of the cluster. */
export function describeRooms(subjectOf: RequireMediaServer): void {
  describe('rooms', () => {
    it('are created once, listed by name, updated and deleted', async (context) => {
      const subject = subjectOf(context);
      const room = createRoomName();
      const make = { name: room, empty_timeout: 60, max_participants: 5, metadata: '{"a":1}', unknown: 1 };
      const made = await callApi(subject, 'CreateRoom', { roomCreate: true }, make);
      expect(made).toMatchObject({
        status: 200,
        body: {
          sid: expect.stringMatching(/^RM_\w{8,}$/),
          name: room,
          empty_timeout: 60,
          departure_timeout: 20,
          max_participants: 5,
          creation_time: expect.stringMatching(/^\d{10}$/),
          creation_time_ms: expect.stringMatching(/^\d{13}$/),
          metadata: '{"a":1}',
          num_participants: 0,
          num_publishers: 0,
          active_recording: false,
        },
      });
      const again = await callApi(
        subject,
        'CreateRoom',
        { roomCreate: true },
        { name: room, emptyTimeout: 9 },
      );
      expect(again.body).toMatchObject({ sid: made.body.sid, empty_timeout: 60 });
      const list = (names: string[]) => callApi(subject, 'ListRooms', { roomList: true }, { names });
      expect((await list([room])).body.rooms).toEqual([expect.objectContaining({ sid: made.body.sid })]);
      expect((await list(['call_nowhere'])).body).toEqual({ rooms: [] });
      const all = await callApi(subject, 'ListRooms', { roomList: true }, {});
      expect(all.body.rooms.map(({ name }: AnswerBody) => name)).toContain(room);
      const renamed = await callApi(subject, 'UpdateRoomMetadata', adminGrants(room), {
        room,
        metadata: 'new',
      });
      expect(renamed.body).toMatchObject({ name: room, metadata: 'new' });
      expect(await callApi(subject, 'DeleteRoom', { roomCreate: true }, { room })).toEqual({
        status: 200,
        body: {},
      });
      expect((await list([room])).body).toEqual({ rooms: [] });
      await expect.poll(() => eventSummaries(subject, room)).toEqual(['room_started', 'room_finished']);
    });

    it('that do not exist are answered with 404, and have no participants', async (context) => {
      const subject = subjectOf(context);
      const room = createRoomName();
      const missing = {
        status: 404,
        body: { code: 'not_found', msg: 'twirp error unknown: requested room does not exist' },
      };
      expect(await callApi(subject, 'DeleteRoom', { roomCreate: true }, { room })).toEqual(missing);
      expect(
        await callApi(subject, 'UpdateRoomMetadata', adminGrants(room), { room, metadata: 'x' }),
      ).toEqual(missing);
      expect(await callApi(subject, 'ListParticipants', adminGrants(room), { room })).toEqual({
        status: 200,
        body: { participants: [] },
      });
    });
  });
}
