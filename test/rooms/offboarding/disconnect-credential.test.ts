import { beforeEach, describe, expect, it } from 'vitest';
import { verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import { createHttp } from '../../../workers/http.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person } from '../../support/app.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { logIn, refresh, signUp } from '../../support/sign-in.ts';

let meeting: Meeting;
let ada: Person;
beforeEach(async () => {
  meeting = await createMeeting();
  ada = await meeting.app.person({ role: 'member', organizationId: meeting.host.organizationId });
});

const ended = (roomId?: string) =>
  meeting.commandsOf('credential.ended', roomId).map(({ credential, userId }) => [credential, userId]);
const signOut = async ({ token }: Pick<Person, 'token'>) =>
  expect((await meeting.app.send('POST', '/api/v1/auth/logout', { token })).status).toBe(204);
/** Another session of the same person. */
async function secondSession(person: Person): Promise<Person> {
  const sessionId = meeting.app.services.ids.create('session');
  await ownerSql(
    `insert into sessions (id, user_id, token_hash, organization_id, expires_at, created_at, updated_at)
     select $1, user_id, $1, organization_id, expires_at, created_at, updated_at from sessions where id = $2`,
    [sessionId, person.sessionId],
  );
  const { signAccessToken } = await import('../../../src/identity/access/index.ts');
  const { userId, organizationId, role } = person;
  const membership = { organizationId, role, plan: 'free' };
  const token = await signAccessToken(meeting.app.services.signer, { userId, sessionId, membership }, 300);
  return { ...person, sessionId, token };
}
async function createKey(scopes: string[], by: Pick<Person, 'token'> = meeting.host) {
  const body = { name: 'Key', scopes };
  const made = await meeting.app.send('POST', '/api/v1/api-keys', { token: by.token, body });
  expect(made.status).toBe(201);
  return { id: made.body.apiKey?.id ?? made.body.id, token: made.body.secret as string };
}

describe('a session that ends', () => {
  it('is pushed to the rooms of its user in every organization, and to their lobbies', async () => {
    const { app } = meeting;
    const other = await createMeeting({ lobby: true }, app);
    await meeting.join({ person: ada });
    await ownerSql(
      `insert into members (id, organization_id, user_id, role, created_at, updated_at)
       values ($1, $2, $3, 'member', now(), now())`,
      [app.services.ids.create('member'), other.host.organizationId, ada.userId],
    );
    const { signAccessToken } = await import('../../../src/identity/access/index.ts');
    const membership = { organizationId: other.host.organizationId, role: 'member' as const, plan: 'free' };
    const token = await signAccessToken(
      app.services.signer,
      { userId: ada.userId, sessionId: ada.sessionId, membership },
      300,
    );
    expect((await other.send('POST', '/token', { token }, {})).status).toBe(202);
    await signOut(ada);
    await app.drain();
    expect(ended()).toEqual([[ada.sessionId, ada.userId]]);
    expect(ended(other.roomId)).toEqual([[ada.sessionId, ada.userId]]);
  });

  it('reaches the rooms before the queue has delivered anything', async () => {
    const { app } = meeting;
    await meeting.join({ person: ada });
    await app.drain();
    const http = createHttp({ services: app.services });
    const pending: Promise<unknown>[] = [];
    const executionContext = {
      waitUntil: (work: Promise<unknown>) => void pending.push(work),
      passThroughOnException: () => undefined,
      props: {},
    };
    const request = new Request('http://auralink.test/api/v1/auth/logout', {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}` },
    });
    expect((await http.fetch(request, {}, executionContext)).status).toBe(204);
    for (let settled = -1; settled < pending.length;) {
      settled = pending.length;
      await Promise.all(pending);
    }
    expect(ended()).toEqual([[ada.sessionId, ada.userId]]);
    await app.drain();
    expect(ended()).toHaveLength(1);
  });

  it('disconnects the media of the seat that was taken with it, and no other device', async () => {
    const phone = await secondSession(ada);
    await meeting.join({ person: phone });
    const { callId } = await meeting.join({ person: ada });
    await meeting.app.drain();
    await signOut(phone);
    await meeting.app.drain();
    expect([...meeting.mediaParticipants(callId).keys()]).toEqual([ada.userId]);
    await signOut(ada);
    await meeting.app.drain();
    expect(meeting.mediaParticipants(callId).size).toBe(0);
  });

  it('is pushed again a minute later, for requests that were under way when it ended', async () => {
    await signOut(ada);
    await meeting.app.drain();
    expect(ended()).toEqual([]);
    // The seat of a request that had proven the session before it ended.
    const { callId } = await meeting.join();
    await ownerSql(
      `insert into call_participants (id, organization_id, call_id, identity, kind, user_id, name, role, credential,
         seat_since, created_at, updated_at)
       values ($1, $2, $3, $4, 'user', $4, 'Ada', 'participant', $5, now(), now(), now())`,
      [
        meeting.app.services.ids.create('participant'),
        meeting.host.organizationId,
        callId,
        ada.userId,
        ada.sessionId,
      ],
    );
    meeting.app.clock.advanceSeconds(61);
    await meeting.app.drain();
    expect(ended()).toEqual([[ada.sessionId, ada.userId]]);
  });

  it('takes with it the frames of its sockets', async () => {
    const { ticket } = await meeting.join({ person: meeting.host });
    const lowerHands = () =>
      sendFrame(meeting.app, ticket, 'moderation.lower_hands', { participantId: null });
    await lowerHands();
    await signOut(meeting.host);
    await expect(lowerHands()).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });
});

describe('a person who signed up', () => {
  const join = async (accessToken: string, roomId?: string) => {
    const { app } = meeting;
    const body = { name: 'Own room' };
    const id = roomId ?? (await app.send('POST', '/api/v1/rooms', { token: accessToken, body })).body.id;
    const answer = await app.send('POST', `/api/v1/rooms/${id}/token`, { token: accessToken, body: {} });
    const ticket = await verifyRoomTicket(app.services.signer, answer.body.realtime.ticket);
    return { roomId: id as string, credential: ticket.credential! };
  };
  const mailedToken = (email: string) =>
    decodeURIComponent(/#token=(\S+)/.exec(meeting.app.mailbox.latestTo(email).text)![1]!);
  const requestReset = async (email: string) => {
    await meeting.app.send('POST', '/api/v1/auth/password/forgot', { body: { email } });
    await meeting.app.drain();
    return mailedToken(email);
  };
  const newPassword = 'copper-lantern-77-moss';

  it('keeps their sockets when the session is refreshed: new tokens rest on the same session', async () => {
    const { app } = meeting;
    const person = await signUp(app);
    const { roomId, credential } = await join(person.accessToken);
    const refreshed = await refresh(app, person.refreshToken);
    expect((await join(refreshed.body.accessToken, roomId)).credential).toBe(credential);
    await app.drain();
    expect(ended(roomId)).toEqual([]);
  });

  it('loses the sockets of other sessions when they change the password, and of all when they reset it', async () => {
    const { app } = meeting;
    const person = await signUp(app);
    const { roomId, credential: phone } = await join(person.accessToken);
    const other = await logIn(app, person);
    const { credential: laptop } = await join(other.accessToken, roomId);
    const body = { currentPassword: person.password, newPassword };
    const changed = await app.send('POST', '/api/v1/users/me/password', { token: person.accessToken, body });
    expect(changed.status).toBe(204);
    await app.drain();
    expect(ended(roomId)).toEqual([[laptop, person.userId]]);
    app.clock.advanceSeconds(120);
    const token = await requestReset(person.email);
    const reset = await app.send('POST', '/api/v1/auth/password/reset', {
      body: { token, newPassword: 'seven-other-tulips-here' },
    });
    expect(reset.status).toBe(204);
    await app.drain();
    const sessions = new Set(ended(roomId).map(([credential]) => credential));
    expect([...sessions]).toEqual([laptop, phone]);
  });

  it.each(['verifies the address', 'resets the password'])(
    'ends the sockets of API keys made before anybody could prove the address: the owner %s',
    async (how) => {
      const { app } = meeting;
      const person = await signUp(app);
      await app.drain();
      const verification = mailedToken(person.email);
      const { roomId } = await join(person.accessToken);
      const key = await createKey(['write'], { token: person.accessToken });
      const seat = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
        token: key.token,
        body: { identity: 'sleeper' },
      });
      expect(seat.status).toBe(200);
      const answer =
        how === 'verifies the address'
          ? await app.send('POST', '/api/v1/auth/email/verify', { body: { token: verification } })
          : await app.send('POST', '/api/v1/auth/password/reset', {
              body: { token: await requestReset(person.email), newPassword },
            });
      expect(answer.status).toBeLessThan(300);
      await app.drain();
      expect(ended(roomId)).toContainEqual([key.id, null]);
    },
  );
});

describe('an API key that is revoked', () => {
  it('is pushed to the rooms where its identities are, and its media are disconnected', async () => {
    const { app } = meeting;
    const key = await createKey(['write']);
    const body = { identity: 'bob' };
    const seat = await meeting.send('POST', '/token', key, body);
    expect(seat.status).toBe(200);
    app.liveKit.cluster.join(seat.body.callId, 'ext_bob', { name: 'Bob' });
    await app.drain();
    expect(
      (await app.send('DELETE', `/api/v1/api-keys/${key.id}`, { token: meeting.host.token })).status,
    ).toBe(204);
    await app.drain();
    expect(ended()).toEqual([[key.id, null]]);
    expect(meeting.mediaParticipants(seat.body.callId).size).toBe(0);
  });
});

describe('an API key that loses the scope to join', () => {
  const narrow = async (key: { id: string }, scopes: string[]) => {
    const { app, host } = meeting;
    const path = `/api/v1/api-keys/${key.id}`;
    expect((await app.send('PATCH', path, { token: host.token, body: { scopes } })).status).toBe(200);
    await app.drain();
  };
  const removed = (roomId?: string) =>
    meeting.commandsOf('participant.removed', roomId).map(({ identity }) => identity);
  const joinWith = async (key: { token: string }, identity: string, role?: string) => {
    const { status, body } = await meeting.send('POST', '/token', key, {
      identity,
      ...(role ? { role } : {}),
    });
    expect(status).toBe(200);
    return () => meeting.app.liveKit.cluster.join(body.callId, body.identity, { name: identity });
  };
  const present = () =>
    [...meeting.app.liveKit.cluster.rooms.values()].flatMap(({ participants }) => [...participants.keys()]);

  it('no longer has its identities in rooms, media and lobbies, until it has the scope again', async () => {
    const { app, host } = meeting;
    const key = await createKey(['rooms:join']);
    const made = await app.send('POST', '/api/v1/rooms', {
      token: host.token,
      body: { name: 'L', lobby: true },
    });
    const lobbyPath = `/api/v1/rooms/${made.body.id}/token`;
    const waits = await app.send('POST', lobbyPath, { token: key.token, body: { identity: 'cat' } });
    expect(waits.status).toBe(202);
    const connect = await joinWith(key, 'bob');
    connect();
    await narrow(key, ['rooms:join', 'read']);
    expect([removed(), removed(made.body.id), present()]).toEqual([[], [], ['ext_bob']]);
    await narrow(key, ['read']);
    expect([removed(), removed(made.body.id), present()]).toEqual([['ext_bob'], ['ext_cat'], []]);
    connect();
    await reportClusterEvents(app);
    expect(present()).toEqual([]);
    await narrow(key, ['rooms:join']);
    app.clock.advanceSeconds(11);
    (await joinWith(key, 'bob'))();
    await reportClusterEvents(app);
    expect(present()).toEqual(['ext_bob']);
  });

  it('keeps its people when it may only bring no agents and observers any longer', async () => {
    const key = await createKey(['rooms:join', 'rooms:observe']);
    for (const connect of [await joinWith(key, 'bob'), await joinWith(key, 'scribe', 'agent')]) connect();
    await narrow(key, ['rooms:join']);
    expect([removed(), present()]).toEqual([['agt_scribe'], ['ext_bob']]);
    await reportClusterEvents(meeting.app);
    expect(present()).toEqual(['ext_bob']);
  });
});

it('a removed member is disconnected from the lobby they wait in', async () => {
  const { app, host } = meeting;
  const made = await app.send('POST', '/api/v1/rooms', {
    token: host.token,
    body: { name: 'L', lobby: true },
  });
  const path = `/api/v1/rooms/${made.body.id}/token`;
  expect((await app.send('POST', path, { token: ada.token, body: {} })).status).toBe(202);
  const members = `/api/v1/organizations/${host.organizationId}/members`;
  const { body } = await app.send('GET', `${members}?limit=100`, { token: host.token });
  const { id } = body.data.find(({ userId }: { userId: string }) => userId === ada.userId);
  expect((await app.send('DELETE', `${members}/${id}`, { token: host.token })).status).toBe(204);
  await app.drain();
  expect(meeting.commandsOf('participant.removed', made.body.id)).toMatchObject([{ identity: ada.userId }]);
});
