import { beforeEach, describe, expect, it } from 'vitest';
import { warnEndingCalls } from '../../../src/rooms/lifecycle/index.ts';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';

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
  it('ends the call for everybody and lets nobody in until it is opened again', async () => {
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
    for (const who of [ada, guest])
      expect((await send('POST', '/token', who, {})).body.code).toBe('rooms.ended');
    expect((await send('PATCH', '', host, { status: 'open' })).body.status).toBe('open');
    const again = await send('POST', '/token', ada, {});
    expect(again.status).toBe(200);
    expect(again.body.callId).not.toBe(ada.callId);
  });

  it('is known first-hand, as what a host did', async () => {
    const ada = await meeting.join();
    await meeting.send('POST', '/end', meeting.host, {});
    expect(await selectCallRow(ada.callId)).toMatchObject({
      end_reason: 'closed',
      ended: { atMs: meeting.app.clock.now(), how: 'event', uncertaintySeconds: 0 },
    });
  });

  it('can end the call alone: the next one begins at once', async () => {
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

  it('again changes nothing', async () => {
    const { app, host, send } = meeting;
    await meeting.join();
    await send('POST', '/end', host, {});
    const told = app.liveRooms.appliedCommands.length;
    expect(await send('POST', '/end', host, {})).toMatchObject({
      status: 200,
      body: { status: 'ended', callId: null },
    });
    expect(await send('POST', '/end', host, { keepOpen: true })).toMatchObject({
      body: { status: 'ended', callId: null },
    });
    expect(app.liveRooms.appliedCommands).toHaveLength(told);
  });

  it('by two at once ends it once', async () => {
    const ada = await meeting.join();
    const both = await Promise.all([1, 2].map(() => meeting.send('POST', '/end', meeting.host, {})));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both.map(({ body }) => body.callId).filter((id) => id === ada.callId)).toHaveLength(1);
  });

  it('is made up for by its effects when neither cluster nor live room answer', async () => {
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

  it('on a cluster that is configured no more asks it nothing: its effects are done', async () => {
    const { app, host, send } = meeting;
    const { callId } = await meeting.join();
    await ownerSql("update calls set cluster = 'elsewhere' where id = $1", [callId]);
    expect(await send('POST', '/end', host, {})).toMatchObject({ status: 200 });
    await app.drain();
    expect(app.log.filter(({ event }) => event === 'calls.cluster_unknown')).not.toEqual([]);
    const open = `select type from outbox where key = $1 and status <> 'done'`;
    expect(await ownerSql(open, [callId])).toEqual([]);
  });

  it('whose effect comes late does not close a room that was opened again', async () => {
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
  it('keeps newcomers out, is told at once, and again changes nothing', async () => {
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

  it('by changing the room is told by the effect', async () => {
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

describe('making a room', () => {
  it('tells its live room what it was made with', async () => {
    meeting = await createMeeting({ name: 'Board', locked: true, features: { chat: false } });
    await meeting.app.drain();
    expect(meeting.commandsOf('room.locked')).toMatchObject([{ locked: true }]);
    expect(meeting.commandsOf('room.updated')).toMatchObject([{ name: 'Board', features: { chat: false } }]);
  });

  it('asks nothing of the cluster', async () => {
    await meeting.join();
    const recover = misbehaveCluster(meeting.app, 'status=503');
    await meeting.app.drain();
    recover();
    expect(meeting.commandsOf('room.updated')).toHaveLength(1);
    expect(meeting.app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('deleting a room', () => {
  it('ends what goes on in it; its live room is forgotten once no ticket opens it', async () => {
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

describe('a call that reaches the longest duration of its room', () => {
  it('is announced once within the two minutes before, and then ended', async () => {
    meeting = await createMeeting({ maxDurationSeconds: 600 });
    const { app } = meeting;
    const ada = await meeting.join();
    // As the ledger has it once the cluster told.
    await ownerSql("update calls set status = 'active', started_at = $2 where id = $1", [
      ada.callId,
      new Date(app.clock.now()).toISOString(),
    ]);
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
    // The call is over, the room is not.
    expect((await ownerSql('select status from rooms where id = $1', [meeting.roomId]))[0]).toEqual({
      status: 'open',
    });
  });
});
