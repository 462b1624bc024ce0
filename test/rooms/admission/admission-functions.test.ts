import { beforeAll, describe, expect, it } from 'vitest';
import { selectAdmissionState } from '../../../src/rooms/admission/index.ts';
import { type Seat, takeSeat } from '../../../src/calls/calls/index.ts';
import type { DbScope } from '../../../src/kernel/db/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

/** The functions run with the rights of their caller, under the tenant policies of the organization in scope. */
let own: Meeting;
let foreign: Meeting;
let guest: Attendee;

const scopeOf = ({ host }: Meeting): DbScope => ({
  role: 'app',
  organizationId: host.organizationId,
  userId: host.userId,
});

beforeAll(async () => {
  own = await createMeeting();
  foreign = await createMeeting({}, own.app);
  guest = await foreign.join();
});

const admissionStateVisibleTo = async (viewer: Meeting, room: Meeting) => {
  const { database } = own.app.services;
  const [[found]] = await database.read(scopeOf(viewer), (q) => [
    selectAdmissionState(q, room.host.organizationId, room.roomId, room.host.userId),
  ]);
  return found!.state;
};

describe('the SQL functions of admission', () => {
  it('show another organization no room, in any order in which a session serves the two', async () => {
    for (let turn = 0; turn < 3; turn++) {
      expect(await admissionStateVisibleTo(foreign, foreign)).toMatchObject({ room: { id: foreign.roomId } });
      expect(await admissionStateVisibleTo(own, foreign)).toBeNull();
      expect(await admissionStateVisibleTo(own, own)).toMatchObject({ room: { id: own.roomId } });
    }
  });

  it('give no seat in a call of another organization', async () => {
    const now = new Date(own.app.clock.now());
    const seat: Seat = {
      id: guest.participantId,
      organizationId: foreign.host.organizationId,
      callId: guest.callId,
      identity: guest.identity,
      kind: 'user',
      userId: guest.identity,
      name: 'Mallory',
      role: 'host',
      status: 'waiting',
      credential: null,
      seatSince: now,
      seatUntil: now,
      network: null,
      linkId: null,
      joinedAt: null,
      leftAt: null,
      connectedMs: 0,
      region: null,
      createdAt: now,
      updatedAt: now,
    };
    const { database } = own.app.services;
    for (const organizationId of [foreign, own].map(({ host }) => host.organizationId))
      await expect(
        database.commit(scopeOf(own), (q) => [takeSeat(q, { ...seat, organizationId }, null)]),
      ).rejects.toMatchObject({ code: 'request.stale' });
    const rows = await ownerSql('select name, role from call_participants where id = $1', [
      guest.participantId,
    ]);
    expect(rows).toMatchObject([{ role: 'participant', name: expect.not.stringMatching('Mallory') }]);
  });
});
