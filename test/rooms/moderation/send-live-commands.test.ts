import { beforeEach, describe, expect, it } from 'vitest';
import { createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

describe('spotlight and hands', () => {
  it('reach the live room at once, and again by the event under the same key', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    await app.drain(); // deliver the events of the new room first
    const { participantId } = ada;
    const calls = [
      await send('PUT', '/spotlight', host, { participantId }),
      await send('POST', `/participants/${participantId}/lower-hand`, host),
      await send('POST', '/participants/lower-hands', host),
      await send('DELETE', '/spotlight', host),
    ];
    expect(calls.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect(meeting.commandsOf('spotlight').map(({ identity }) => identity)).toEqual([ada.identity, null]);
    expect(meeting.commandsOf('hands.lower').map(({ identity }) => identity)).toEqual([ada.identity, null]);
    const once = app.liveRooms.appliedCommands.length;
    await app.drain();
    const keys = app.liveRooms.appliedCommands.map(({ command }) => command.key);
    expect(keys.length).toBeGreaterThan(once);
    expect(new Set(keys).size).toBe(new Set(keys.slice(0, once)).size);
  });

  it('reach a live room that does not answer at first', async () => {
    const { app, host, send } = meeting;
    app.liveRooms.failNext(1);
    expect((await send('POST', '/participants/lower-hands', host)).status).toBe(204);
    expect(meeting.commandsOf('hands.lower')).toEqual([]);
    await app.drain();
    expect(meeting.commandsOf('hands.lower')).toHaveLength(1);
  });

  it('need a participant of the room', async () => {
    const other = await createMeeting({}, meeting.app);
    const { participantId } = await other.join();
    const refused = await meeting.send('PUT', '/spotlight', meeting.host, { participantId });
    expect(refused).toMatchObject({ status: 404, body: { code: 'moderation.participant_not_found' } });
  });
});

describe('data', () => {
  const sendData = (body: unknown) => meeting.send('POST', '/data', meeting.host, body);

  it('goes to everybody, over media and sockets', async () => {
    await meeting.join();
    const payload = { page: 3, ['tïtle']: ['ä', '👩‍🚀', null] };
    expect(await sendData({ topic: 'slides', payload })).toMatchObject({
      status: 200,
      body: { media: 'sent', live: 'sent' },
    });
    const [sent] = meeting.app.liveKit.cluster.sent;
    expect(sent).toMatchObject({ topic: 'slides', to: [] });
    expect(JSON.parse(sent!.text)).toEqual(payload);
    expect(meeting.commandsOf('data')).toMatchObject([
      { topic: 'slides', payload, to: null, by: meeting.host.userId },
    ]);
  });

  it('goes to the named participants only', async () => {
    const [ada] = [await meeting.join(), await meeting.join()];
    await sendData({ topic: 'private', payload: 'psst', to: [ada.participantId] });
    expect(meeting.app.liveKit.cluster.sent).toMatchObject([{ to: [ada.identity] }]);
    expect(meeting.commandsOf('data')).toMatchObject([{ to: [ada.identity] }]);
    const unknownId = meeting.app.services.ids.create('participant');
    expect(
      (await sendData({ topic: 'private', payload: 1, to: [ada.participantId, unknownId] })).status,
    ).toBe(404);
    expect((await sendData({ topic: 'private', payload: 1, to: [] })).status).toBe(400);
  });

  it('is sent at most once', async () => {
    await meeting.join();
    await sendData({ topic: 'once', payload: 1 });
    await meeting.app.drain();
    expect(meeting.app.liveKit.cluster.sent).toHaveLength(1);
    expect(meeting.commandsOf('data')).toHaveLength(1);
  });

  it('reports which channels worked; fails when none did', async () => {
    const { app } = meeting;
    expect((await sendData({ topic: 'a', payload: 1 })).body).toEqual({ media: 'no_call', live: 'sent' });
    await meeting.join();
    const recover = misbehaveCluster(app, 'status=500', ['SendData']);
    expect((await sendData({ topic: 'a', payload: 1 })).body).toEqual({ media: 'failed', live: 'sent' });
    app.liveRooms.failNext(1);
    expect(await sendData({ topic: 'a', payload: 1 })).toMatchObject({
      status: 503,
      body: { code: 'server.unavailable' },
    });
    recover();
    app.liveRooms.failNext(1);
    expect((await sendData({ topic: 'a', payload: 1 })).body).toEqual({ media: 'sent', live: 'failed' });
  });

  it('has a bounded size and depth', async () => {
    expect((await sendData({ topic: 'big', payload: 'x'.repeat(15_000) })).status).toBe(400);
    expect((await sendData({ topic: 'fits', payload: 'x'.repeat(14_990) })).status).toBe(200);
    const raw = `{"topic":"deep","payload":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const deep = await meeting.app.send('POST', `/api/v1/rooms/${meeting.roomId}/data`, {
      token: meeting.host.token,
      raw,
    });
    expect(deep.status).toBe(400);
    expect((await sendData({ topic: '', payload: 1 })).status).toBe(400);
    expect((await sendData({ topic: 'nothing' })).status).toBe(400);
  });
});
