import { beforeEach, describe, expect, it } from 'vitest';
import { createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

describe('removing a participant', () => {
  it('disconnects media and sockets at once, and refuses joining again', async () => {
    const { app, host, roomId, send } = meeting;
    const [ada, bob] = [await meeting.join(), await meeting.join()];
    expect(await send('DELETE', `/participants/${ada.participantId}`, host)).toMatchObject({ status: 204 });
    expect([...meeting.mediaParticipants(ada.callId).keys()]).toEqual([bob.identity]);
    expect(meeting.commandsOf('participant.removed')).toMatchObject([
      { identity: ada.identity, by: host.userId },
    ]);
    const back = await send('POST', '/token', ada, {});
    expect(back).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
    expect((await send('GET', '/participants', ada)).body.code).toBe('rooms.removed');
    // The subscriber sends the same command again, which the live room recognizes by its key.
    await app.drain();
    const commands = meeting.commandsOf('participant.removed');
    expect(new Set(commands.map(({ key }) => key)).size).toBe(1);
    expect(roomId).toBeTruthy();
  });

  it('is completed by the subscriber when neither cluster nor live room answers at first', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    app.liveRooms.failNext(1);
    app.liveKit.cluster.leave(ada.callId, ada.identity);
    await send('DELETE', `/participants/${ada.participantId}`, host);
    expect(meeting.commandsOf('participant.removed')).toEqual([]);
    app.liveKit.cluster.join(ada.callId, ada.identity); // with the token from before
    await app.drain();
    expect(meeting.commandsOf('participant.removed')).toHaveLength(1);
    expect(meeting.mediaParticipants(ada.callId).size).toBe(0);
  });

  it('is undone by readmitting them, also for a delivery that comes late', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    await send('DELETE', `/participants/${ada.participantId}`, host);
    expect(await send('POST', `/participants/${ada.participantId}/readmit`, host)).toMatchObject({
      status: 204,
    });
    const back = await send('POST', '/token', ada, {});
    expect(back).toMatchObject({ status: 200, body: { participantId: ada.participantId } });
    app.liveKit.cluster.join(ada.callId, ada.identity);
    await app.drain();
    expect([...meeting.mediaParticipants(ada.callId).keys()]).toEqual([ada.identity]);
    expect(meeting.commandsOf('participant.readmitted')[0]).toMatchObject({ identity: ada.identity });
    const types = app.liveRooms
      .commandTypesOf(meeting.roomId)
      .filter((type) => type.startsWith('participant.re'));
    expect(types.at(-1)).toBe('participant.readmitted');
  });

  it('works after their call has ended, as does readmitting them', async () => {
    const { host, send } = meeting;
    const ada = await meeting.join();
    await send('POST', '/end', host, { keepOpen: true });
    const next = await meeting.join();
    expect(next.callId).not.toBe(ada.callId);
    await send('DELETE', `/participants/${ada.participantId}`, host);
    expect((await send('POST', '/token', ada, {})).body.code).toBe('rooms.removed');
    await send('POST', `/participants/${ada.participantId}/readmit`, host);
    expect((await send('POST', '/token', ada, {})).status).toBe(200);
  });

  it('twice is recorded once', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    const remove = () => send('DELETE', `/participants/${ada.participantId}`, host);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 204]);
    await app.drain();
    expect(new Set(meeting.commandsOf('participant.removed').map(({ key }) => key)).size).toBe(1);
    const list = await app.send('GET', '/api/v1/audit/logs?limit=100', host);
    const actions = list.body.data.map((entry: { action: string }) => entry.action);
    expect(actions.filter((action: string) => action === 'participant.removed')).toHaveLength(1);
  });
});

describe('the right to moderate', () => {
  const verbs: [method: string, path: (id: string) => string, body?: unknown][] = [
    ['POST', (id) => `/participants/${id}/mute`, {}],
    ['POST', () => '/participants/mute-all', {}],
    ['DELETE', (id) => `/participants/${id}`],
    ['POST', (id) => `/participants/${id}/readmit`],
    ['PATCH', (id) => `/participants/${id}`, { role: 'viewer' }],
    ['POST', (id) => `/participants/${id}/lower-hand`],
    ['POST', () => '/participants/lower-hands'],
    ['PUT', () => '/spotlight'],
    ['DELETE', () => '/spotlight'],
    ['POST', () => '/data', { topic: 'a', payload: 1 }],
    ['POST', () => '/lock'],
    ['POST', () => '/unlock'],
    ['POST', () => '/end', {}],
  ];

  it.each(verbs)('%s %o is refused to participants, viewers and guests', async (method, path, body) => {
    const [ada, viewer, guest] = [
      await meeting.join(),
      await meeting.join({ role: 'viewer' }),
      await meeting.guest(),
    ];
    const commandCount = meeting.app.liveRooms.appliedCommands.length;
    for (const person of [ada, viewer, guest]) {
      const given =
        path(ada.participantId) === '/spotlight' && method === 'PUT'
          ? { participantId: ada.participantId }
          : body;
      const refused = await meeting.send(method, path(ada.participantId), person, given);
      expect(refused).toMatchObject({ status: 403, body: { code: 'moderation.not_moderator' } });
    }
    expect(meeting.mediaParticipants(ada.callId).size).toBe(3);
    expect(meeting.app.liveRooms.appliedCommands).toHaveLength(commandCount);
  });

  it('belongs to a guest whose link makes them a moderator, in their room only', async () => {
    const guest = await meeting.guest({ role: 'moderator' });
    const ada = await meeting.join();
    expect((await meeting.send('DELETE', `/participants/${ada.participantId}`, guest)).status).toBe(204);
    const other = await meeting.app.send('POST', '/api/v1/rooms', {
      token: meeting.host.token,
      body: { name: 'Other' },
    });
    const there = await meeting.app.send('POST', `/api/v1/rooms/${other.body.id}/end`, {
      token: guest.token,
      body: {},
    });
    expect(there).toMatchObject({ status: 404, body: { code: 'rooms.not_found' } });
  });

  it('belongs to an API key that may write rooms, not to one that may only read them', async () => {
    const { app, host, send } = meeting;
    const ada = await meeting.join();
    const key = async (scopes: string[]) => {
      const made = await app.send('POST', '/api/v1/api-keys', {
        token: host.token,
        body: { name: 'Key', scopes },
      });
      expect(made).toMatchObject({ status: 201 });
      return { token: made.body.secret as string };
    };
    const remove = async (by: { token: string }) => send('DELETE', `/participants/${ada.participantId}`, by);
    expect((await remove(await key(['rooms:read']))).body.code).toBe('moderation.not_moderator');
    expect((await remove(await key(['rooms:write']))).status).toBe(204);
    expect(meeting.commandsOf('participant.removed')).toMatchObject([{ by: null }]);
  });

  it('is lost by people who were removed, whatever their role', async () => {
    const moderator = await meeting.join({ role: 'moderator' });
    const ada = await meeting.join();
    await meeting.send('DELETE', `/participants/${moderator.participantId}`, meeting.host);
    const refused = await meeting.send('DELETE', `/participants/${ada.participantId}`, moderator);
    expect(refused.body.code).toBe('moderation.not_moderator');
  });

  it('covers hosts only for hosts, also hosts who joined in a lower role', async () => {
    const { app, host, roomId, send } = meeting;
    const moderator = await meeting.join({ role: 'moderator' });
    const seat = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: host.token,
      body: { role: 'viewer' },
    });
    const second = await meeting.join({ role: 'host' });
    for (const id of [seat.body.participantId, second.participantId])
      for (const [method, path, body] of [
        ['DELETE', '', undefined],
        ['PATCH', '', { role: 'viewer' }],
        ['POST', '/mute', {}],
        ['POST', '/lower-hand', undefined],
      ] as const)
        expect((await send(method, `/participants/${id}${path}`, moderator, body)).body.code).toBe(
          'moderation.not_host',
        );
    expect(
      (await send('PATCH', `/participants/${moderator.participantId}`, moderator, { role: 'host' })).body
        .code,
    ).toBe('moderation.not_host');
    expect(
      (await send('PATCH', `/participants/${second.participantId}`, host, { role: 'participant' })).status,
    ).toBe(200);
  });

  it('covers no participant of another room or organization', async () => {
    const other = await createMeeting({}, meeting.app);
    const outsider = await other.join();
    const ada = await meeting.join();
    const wrongRoom = await meeting.send('DELETE', `/participants/${outsider.participantId}`, meeting.host);
    expect(wrongRoom).toMatchObject({ status: 404, body: { code: 'moderation.participant_not_found' } });
    const wrongHost = await meeting.send('DELETE', `/participants/${ada.participantId}`, other.host);
    expect(wrongHost).toMatchObject({ status: 404, body: { code: 'rooms.not_found' } });
  });
});
