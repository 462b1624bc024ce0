import { describe, expect, it } from 'vitest';
import {
  adminGrants,
  callApi,
  listedParticipants,
  createRoomName,
  type RequireMediaServer,
  eventSummaries,
} from './tested-media-server.ts';

/** Participants of rooms. */
export function describePeople(subjectOf: RequireMediaServer): void {
  describe('participants', () => {
    it('are listed with their tracks, muted, updated, sent data, and removed', async (context) => {
      const subject = subjectOf(context);
      const room = createRoomName();
      const { sid } = await subject.join(room, 'usr_a', 'Ada');
      await subject.join(room, 'usr_b', 'Ben');
      const microphone = await subject.publish(room, 'usr_a', 'MICROPHONE');
      const camera = await subject.publish(room, 'usr_a', 'CAMERA');
      const list = async () =>
        listedParticipants(await callApi(subject, 'ListParticipants', adminGrants(room), { room }));
      await expect.poll(async () => (await list()).flatMap(({ tracks }) => tracks).length).toBe(2);
      const ada = (await list()).find(({ identity }) => identity === 'usr_a');
      expect(ada).toMatchObject({
        sid,
        identity: 'usr_a',
        name: 'Ada',
        state: 'ACTIVE',
        metadata: '',
        attributes: {},
        joined_at: expect.stringMatching(/^\d{10}$/),
        joined_at_ms: expect.stringMatching(/^\d{13}$/),
        is_publisher: true,
        kind: 'STANDARD',
        disconnect_reason: 'UNKNOWN_REASON',
        permission: { can_subscribe: true, can_publish: true, can_publish_data: true, hidden: false },
        tracks: expect.arrayContaining([
          expect.objectContaining({ sid: microphone, type: 'AUDIO', source: 'MICROPHONE', muted: false }),
          expect.objectContaining({ sid: camera, type: 'VIDEO', source: 'CAMERA', width: 320, height: 180 }),
        ]),
      });
      const one = { room, identity: 'usr_a' };
      expect((await callApi(subject, 'GetParticipant', adminGrants(room), one)).body.sid).toBe(sid);

      const mute = (track_sid: string, muted: boolean) =>
        callApi(subject, 'MutePublishedTrack', adminGrants(room), { ...one, track_sid, muted });
      expect((await mute(microphone, true)).body.track).toMatchObject({ sid: microphone, muted: true });
      expect(await mute(microphone, false)).toEqual({
        status: 412,
        body: { code: 'failed_precondition', msg: 'twirp error unknown: remote unmute not enabled' },
      });
      expect(await mute('TR_unknown', true)).toEqual({ status: 200, body: { track: null } });

      const permission = { can_subscribe: true, can_publish: false, can_publish_data: true };
      const changes = { name: 'Ada L.', attributes: { role: 'viewer' }, permission };
      const changed = await callApi(subject, 'UpdateParticipant', adminGrants(room), { ...one, ...changes });
      expect(changed.body).toMatchObject({ ...changes, sid, tracks: [], is_publisher: false });

      const send = { room, data: Buffer.from('hello').toString('base64'), kind: 'RELIABLE', topic: 't' };
      const to = { destination_identities: ['usr_a'] };
      const sent = await callApi(subject, 'SendData', adminGrants(room), { ...send, ...to });
      expect(sent).toEqual({ status: 200, body: {} });
      await expect.poll(() => subject.receivedTexts(room, 'usr_a')).toEqual(['hello']);
      expect(await subject.receivedTexts(room, 'usr_b')).toEqual([]);

      const removed = await callApi(subject, 'RemoveParticipant', adminGrants(room), one);
      expect(removed).toEqual({ status: 200, body: {} });
      expect((await list()).map(({ identity }) => identity)).toEqual(['usr_b']);
      expect((await callApi(subject, 'DeleteRoom', { roomCreate: true }, { room })).status).toBe(200);
      await expect.poll(() => eventSummaries(subject, room)).toContain('room_finished');
      const reasons = subject
        .events(room)
        .flatMap(({ event, participant }) =>
          event === 'participant_left' ? [`${participant?.identity} ${participant?.disconnectReason}`] : [],
        );
      expect(reasons).toEqual(['usr_a PARTICIPANT_REMOVED', 'usr_b ROOM_DELETED']);
    });

    it('that do not exist are answered with 404, or with 503 after three seconds', async (context) => {
      const subject = subjectOf(context);
      const room = createRoomName();
      await callApi(subject, 'CreateRoom', { roomCreate: true }, { name: room });
      const nobody = { room, identity: 'usr_nobody' };
      for (const method of ['GetParticipant', 'RemoveParticipant', 'UpdateParticipant'])
        expect(await callApi(subject, method, adminGrants(room), nobody), method).toEqual({
          status: 404,
          body: { code: 'not_found', msg: 'twirp error unknown: participant does not exist' },
        });
      const unanswered = {
        status: 503,
        body: { code: 'unavailable', msg: 'twirp error unknown: no response from servers' },
      };
      const mute = { ...nobody, track_sid: 'TR_x', muted: true };
      const data = { room: `${room}x`, data: '', kind: 'RELIABLE' };
      const [muted, sent] = await Promise.all([
        callApi(subject, 'MutePublishedTrack', adminGrants(room), mute),
        callApi(subject, 'SendData', adminGrants(`${room}x`), data),
      ]);
      expect([muted, sent]).toEqual([unanswered, unanswered]);
    });

    it('that connect again replace their earlier connection', async (context) => {
      const subject = subjectOf(context);
      const room = createRoomName();
      const first = await subject.join(room, 'usr_a', 'Ada');
      const second = await subject.join(room, 'usr_a', 'Ada again');
      expect(second.sid).not.toBe(first.sid);
      const there = await callApi(subject, 'ListParticipants', adminGrants(room), { room });
      expect(listedParticipants(there)).toEqual([
        expect.objectContaining({ sid: second.sid, name: 'Ada again' }),
      ]);
      await expect
        .poll(() => subject.events(room).find(({ event }) => event === 'participant_left')?.participant)
        .toMatchObject({ sid: first.sid, state: 'DISCONNECTED', disconnectReason: 'DUPLICATE_IDENTITY' });
      await subject.leave(room, 'usr_a');
      await callApi(subject, 'DeleteRoom', { roomCreate: true }, { room });
    });
  });
}
