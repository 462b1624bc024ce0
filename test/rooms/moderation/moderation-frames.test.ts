import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendFrame } from '../../support/send-frame.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a moderation frame', () => {
  it('does what the route does, for moderators of the room', async () => {
    const { app } = meeting;
    const [host, ada] = [await meeting.join({ person: meeting.host }), await meeting.join()];
    const voice = app.liveKit.cluster.publish(ada.callId, ada.identity, { source: 'MICROPHONE' });
    const { participantId } = ada;
    const send = (type: string, fields: Record<string, unknown> = {}) =>
      sendFrame(app, host.ticket, type, fields);
    expect(await send('moderation.mute', { participantId })).toEqual({
      muted: [{ participantId, trackSid: voice }],
      failed: [],
      pending: [],
    });
    expect(await send('moderation.role', { participantId, role: 'viewer' })).toMatchObject({
      role: 'viewer',
    });
    await send('moderation.spotlight', { participantId });
    await send('moderation.lower_hands', { participantId: null });
    expect(await send('moderation.data', { topic: 'a', payload: 1 })).toEqual({
      media: 'sent',
      live: 'sent',
    });
    expect(await send('room.lock', { locked: true })).toMatchObject({ locked: true });
    await send('moderation.remove', { participantId });
    await send('moderation.readmit', { participantId });
    expect(await send('moderation.mute_all')).toEqual({ muted: [], failed: [], pending: [] });
    expect(await send('room.end')).toMatchObject({ status: 'ended', callId: host.callId });
    expect(new Set(app.liveRooms.commandTypesOf(meeting.roomId))).toEqual(
      new Set([
        'media.muted',
        'participant.role',
        'spotlight',
        'hands.lower',
        'data',
        'room.locked',
        'room.updated',
        'participant.removed',
        'participant.readmitted',
        'call.ended',
        'room.ended',
      ]),
    );
  });

  it('is refused to everybody else, and to people who lost the role after opening the socket', async () => {
    const { app } = meeting;
    const [moderator, ada] = [await meeting.join({ role: 'moderator' }), await meeting.join()];
    const { participantId } = ada;
    const refused = { code: 'moderation.not_moderator' };
    await expect(sendFrame(app, ada.ticket, 'moderation.remove', { participantId })).rejects.toMatchObject(
      refused,
    );
    const asViewer = { role: 'viewer' } as const;
    await expect(
      sendFrame(app, moderator.ticket, 'moderation.remove', { participantId }, asViewer),
    ).rejects.toMatchObject(refused);
    await sendFrame(app, moderator.ticket, 'moderation.remove', { participantId }, { role: 'moderator' });
    expect(meeting.commandsOf('participant.removed')).toHaveLength(1);
  });

  it('is refused to people who were removed, whatever role their socket still has', async () => {
    const { app, host, send } = meeting;
    const [moderator, ada] = [await meeting.join({ role: 'moderator' }), await meeting.join()];
    await send('DELETE', `/participants/${moderator.participantId}`, host);
    const late = sendFrame(
      app,
      moderator.ticket,
      'moderation.remove',
      { participantId: ada.participantId },
      { role: 'moderator' },
    );
    await expect(late).rejects.toMatchObject({ code: 'moderation.not_moderator' });
  });

  it('carries no permission of the organization: an administrator has their role in the room', async () => {
    const { app, host } = meeting;
    const admin = await meeting.join({
      person: await app.person({ role: 'admin', organizationId: host.organizationId }),
    });
    const ada = await meeting.join();
    const asViewer = { role: 'viewer' } as const;
    const { participantId } = ada;
    await expect(
      sendFrame(app, admin.ticket, 'moderation.remove', { participantId }, asViewer),
    ).rejects.toMatchObject({ code: 'moderation.not_moderator' });
  });

  it('is repeated when the room changes between its read and its commit, as a request is', async () => {
    const { app, host, roomId } = meeting;
    const { ticket } = await meeting.join({ person: host });
    const rename = () =>
      app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: host.token, body: { name: 'Renamed' } });
    const { database } = app.services;
    const commit = database.commit.bind(database);
    vi.spyOn(database, 'commit').mockImplementationOnce(async (...change) => {
      expect(await rename()).toMatchObject({ status: 200 });
      return commit(...change);
    });
    expect(await sendFrame(app, ticket, 'room.lock', { locked: true })).toEqual({ roomId, locked: true });
    const { body } = await app.send('GET', `/api/v1/rooms/${roomId}`, { token: host.token });
    expect(body).toMatchObject({ name: 'Renamed', locked: true });
  });

  it('sent again after a lost connection runs once, and gets the first answer', async () => {
    const { app } = meeting;
    const [host, ada] = [await meeting.join({ person: meeting.host }), await meeting.join()];
    const id = crypto.randomUUID();
    const fields = { participantId: ada.participantId, role: 'moderator' };
    const first = await sendFrame(app, host.ticket, 'moderation.role', fields, { id });
    const again = await sendFrame(app, host.ticket, 'moderation.role', fields, { id });
    expect(again).toEqual(first);
    expect(meeting.commandsOf('participant.role')).toHaveLength(1);
  });

  it('with the id and fields of a frame in another room is a frame of its own', async () => {
    const { app } = meeting;
    const made = await app.send('POST', '/api/v1/rooms', {
      token: meeting.host.token,
      body: { name: 'Second' },
    });
    const second = made.body.id as string;
    const here = await meeting.join({ person: meeting.host });
    const seat = await app.send('POST', `/api/v1/rooms/${second}/token`, {
      token: meeting.host.token,
      body: {},
    });
    const id = crypto.randomUUID();
    const lock = (ticket: string) => sendFrame(app, ticket, 'room.lock', { locked: true }, { id });
    expect(await lock(here.ticket)).toEqual({ roomId: meeting.roomId, locked: true });
    expect(await lock(seat.body.realtime.ticket)).toEqual({ roomId: second, locked: true });
    expect(await lock(here.ticket)).toEqual({ roomId: meeting.roomId, locked: true });
    expect(meeting.commandsOf('room.locked', second)).toMatchObject([{ locked: true }]);
    expect(meeting.commandsOf('room.locked')).toHaveLength(1);
  });

  it('of a service is refused, also where its key makes it a host: services moderate through the API', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: host.token,
      body: { name: 'Bot', scopes: ['rooms:write'] },
    });
    const service = { token: key.body.secret as string };
    const seat = await send('POST', '/token', service, { identity: 'bot', role: 'host' });
    const { participantId } = ada;
    await expect(
      sendFrame(app, seat.body.realtime.ticket, 'moderation.remove', { participantId }),
    ).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect((await send('DELETE', `/participants/${participantId}`, service)).status).toBe(204);
  });

  it('of a guest acts in the name of the guest', async () => {
    const guest = await meeting.guest({ role: 'moderator' });
    const ada = await meeting.join();
    await sendFrame(meeting.app, guest.ticket, 'moderation.remove', { participantId: ada.participantId });
    expect(meeting.commandsOf('participant.removed')).toMatchObject([
      { identity: ada.identity, by: guest.identity },
    ]);
  });
});
