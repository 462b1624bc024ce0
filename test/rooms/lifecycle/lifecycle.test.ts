import { beforeEach, describe, expect, it } from 'vitest';
import { warnEndingCalls } from '../../../src/rooms/lifecycle/warn-ending-calls.ts';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';
import { changeCall } from '../../support/calls.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

const getRoom = () => meeting.send('GET', '', meeting.host);
const selectCallRow = async (callId: string) => {
  const [row] = await ownerSql<{ status: string; end_reason: string; ended: unknown }>(
    'select status, end_reason, ended from calls where id = $1',
    [callId],
  );
  return row!;
};

describe('ending a room', () => {
  it('ends the call for everybody, and nobody can join until the room is opened again', async () => {
    const { app, host, send } = meeting;
    const [ada, guest] = [await meeting.join(), await meeting.guest()];
    const ended = await send('POST', '/end', host, {});
    expect(ended).toMatchObject({
      status: 200,
      body: { roomId: meeting.roomId, status: 'ended', callId: ada.callId },
    });
    expect(app.liveKit.cluster.rooms.size).toBe(0);
    expect(app.liveRooms.commandTypesOf(meeting.roomId).slice(-2)).toEqual(['call.ended', 'room.ended']);
    expect((await getRoom()).body).toMatchObject({ status: 'ended', callId: null });
    for (const person of [ada, guest])
      expect((await send('POST', '/token', person, {})).body.code).toBe('rooms.ended');
    expect((await send('PATCH', '', host, { status: 'open' })).body.status).toBe('open');
    const again = await send('POST', '/token', ada, {});
    expect(again.status).toBe(200);
    expect(again.body.callId).not.toBe(ada.callId);
  });

  it('is recorded on the call as closed by a host, at that very moment', async () => {
    const ada = await meeting.join();
    await meeting.send('POST', '/end', meeting.host, {});
    expect(await selectCallRow(ada.callId)).toMatchObject({
      end_reason: 'closed',
      ended: { atMs: meeting.app.clock.now(), how: 'event', uncertaintySeconds: 0 },
    });
  });

  it('with keepOpen ends the call alone, and the next call can begin at once', async () => {
    const { host, send } = meeting;
    const ada = await meeting.join();
    expect((await send('POST', '/end', host, { keepOpen: true })).body).toMatchObject({
      status: 'open',
      callId: ada.callId,
    });
    expect(meeting.commandsOf('room.ended')).toEqual([]);
    expect(meeting.commandsOf('call.ended')).toMatchObject([{ callId: ada.callId, by: host.userId }]);
    expect((await send('POST', '/token', ada, {})).status).toBe(200);
  });

  it('a second time changes nothing', async () => {
    const { app, host, send } = meeting;
    await meeting.join();
    await send('POST', '/end', host, {});
    const commandCount = app.liveRooms.appliedCommands.length;
    expect(await send('POST', '/end', host, {})).toMatchObject({
      status: 200,
      body: { status: 'ended', callId: null },
    });
    expect(await send('POST', '/end', host, { keepOpen: true })).toMatchObject({
      body: { status: 'ended', callId: null },
    });
    expect(app.liveRooms.appliedCommands).toHaveLength(commandCount);
  });

  it('by two requests at once ends the call once', async () => {
    const ada = await meeting.join();
    const both = await Promise.all([1, 2].map(() => meeting.send('POST', '/end', meeting.host, {})));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both.map(({ body }) => body.callId).filter((id) => id === ada.callId)).toHaveLength(1);
  });

  it('is completed by subscribers when neither cluster nor live room answers at first', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    const recover = misbehaveCluster(app, 'status=503');
    app.liveRooms.failNext(1);
    expect((await send('POST', '/end', host, {})).status).toBe(200);
    expect(app.liveKit.cluster.rooms.size).toBe(1);
    recover();
    await app.drain();
    expect(app.liveKit.cluster.rooms.has(ada.callId)).toBe(false);
    expect(app.liveRooms.commandTypesOf(meeting.roomId)).toEqual(
      expect.arrayContaining(['call.ended', 'room.ended']),
    );
  });

  it('does not wait for a cluster that is no longer configured', async () => {
    const { app, host, send } = meeting;
    const { callId } = await meeting.join();
    await changeCall(app, callId, { cluster: 'elsewhere' });
    expect(await send('POST', '/end', host, {})).toMatchObject({ status: 200 });
    await app.drain();
    expect(app.log.filter(({ event }) => event === 'calls.cluster_unknown')).not.toEqual([]);
    const open = `select type from deliveries where key = $1 and status <> 'done'`;
    expect(await ownerSql(open, [callId])).toEqual([]);
  });

  it('does not close a room that was opened again before the event was delivered', async () => {
    const { app, host, send } = meeting;
    await meeting.join();
    app.liveRooms.failNext(1);
    await send('POST', '/end', host, {});
    await send('PATCH', '', host, { status: 'open' });
    const next = await meeting.join();
    await app.drain();
    expect(meeting.commandsOf('room.ended')).toEqual([]);
    expect([...meeting.mediaParticipants(next.callId).keys()]).toEqual([next.identity]);
  });
});

describe('locking a room', () => {
  it('refuses newcomers, shows in the live room at once, and changes nothing the second time', async () => {
    const { host, send } = meeting;
    const ada = await meeting.join();
    expect((await send('POST', '/lock', host)).body).toEqual({ roomId: meeting.roomId, locked: true });
    expect((await send('POST', '/lock', host)).status).toBe(200);
    expect(meeting.commandsOf('room.locked')).toMatchObject([{ locked: true, by: host.userId }]);
    const late = await meeting.app.person({ role: 'member', organizationId: host.organizationId });
    expect((await send('POST', '/token', late, {})).body.code).toBe('rooms.locked');
    expect((await send('POST', '/token', ada, {})).status).toBe(200);
    expect((await send('POST', '/unlock', host)).body.locked).toBe(false);
    expect((await send('POST', '/token', late, {})).status).toBe(200);
  });
});

describe('deleting a room', () => {
  it('ends its call and its live room, whose state is deleted once no ticket opens it', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    expect((await send('DELETE', '', host)).status).toBe(204);
    await app.drain();
    expect(app.liveKit.cluster.rooms.size).toBe(0);
    expect(await selectCallRow(ada.callId)).toMatchObject({ end_reason: 'closed' });
    expect(meeting.commandsOf('room.ended')).toMatchObject([{ reason: 'the room was deleted' }]);
    expect(app.liveRooms.forgottenRoomIds).toEqual([]);
    app.clock.advanceSeconds(601);
    await app.drain();
    expect(app.liveRooms.forgottenRoomIds).toEqual([meeting.roomId]);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a call that reaches its longest duration', () => {
  it('warns its participants once within the last two minutes, and then ends', async () => {
    meeting = await createMeeting({ maxDurationSeconds: 600 });
    const { app } = meeting;
    const ada = await meeting.join();
    // The state of the call once the cluster has reported its first participant.
    await changeCall(app, ada.callId, { status: 'active', startedAt: new Date(app.clock.now()) });
    await warnEndingCalls(app.services);
    expect(meeting.commandsOf('notice')).toEqual([]);
    app.clock.advanceSeconds(500);
    await warnEndingCalls(app.services);
    app.clock.advanceSeconds(60);
    await warnEndingCalls(app.services);
    const notices = meeting.commandsOf('notice');
    expect(notices[0]).toMatchObject({ code: 'call.out_of_time', level: 'warning', to: null });
    expect(notices[0]!.text).toContain('100 s');
    expect(new Set(notices.map(({ key }) => key)).size).toBe(1);
    app.clock.advanceSeconds(60);
    await reconcileCalls(app.services);
    await app.drain();
    expect(await selectCallRow(ada.callId)).toMatchObject({ status: 'ended', end_reason: 'out_of_time' });
    expect(app.liveKit.cluster.rooms.has(ada.callId)).toBe(false);
    expect(new Set(meeting.commandsOf('call.ended').map(({ callId }) => callId))).toEqual(
      new Set([ada.callId]),
    );
    // The room stays open.
    expect((await ownerSql('select status from rooms where id = $1', [meeting.roomId]))[0]).toEqual({
      status: 'open',
    });
  });
});
