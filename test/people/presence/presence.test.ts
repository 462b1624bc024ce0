import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { participantJoined, participantLeft } from '../../../src/calls/calls/index.ts';
import { createCtx } from '../../../src/kernel/context/index.ts';
import { permissionsOfRole } from '../../../src/identity/access/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { MemoryDevice } from '../../support/memory-inboxes.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { changeCallParticipant, createCall } from '../../support/calls.ts';

let app: TestApp;
let ann: Person;
let ben: Person;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

const ownPath = '/api/v1/me/presence';
const putPresence = (person: Person, body: object) => app.send('PUT', ownPath, { token: person.token, body });
const patchSettings = (person: Person, body: object) =>
  app.send('PATCH', `${ownPath}/settings`, { token: person.token, body });
const listPresence = async (viewer: Person, ...people: Person[]) => {
  const ids = people.map(({ userId }) => userId).join(',');
  const answer = await app.send('GET', `/api/v1/presence?userIds=${ids}`, { token: viewer.token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.data as { userId: string; status: string; message: string | null }[];
};
const statusSeen = async (viewer: Person, person: Person) => (await listPresence(viewer, person))[0]?.status;
const addContact = async (owner: Person, person: Person, more: object = {}) =>
  (
    await app.send('POST', '/api/v1/contacts', {
      token: owner.token,
      body: { userId: person.userId, ...more },
    })
  ).body as { id: string };

/** The context of a verb that this person calls. */
const ctxOf = ({ userId, organizationId, sessionId, role }: Person) =>
  createCtx(app.services, {
    actor: {
      kind: 'user',
      userId,
      organizationId,
      sessionId,
      role,
      plan: 'free',
      permissions: permissionsOfRole(role),
    },
    origin: {
      requestId: 'req_test',
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });

/** Connects the person to a call in the ledger. */
async function putInCall({ organizationId, userId, token }: Person) {
  const room = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } });
  const roomId = room.body.id as string;
  const { callId, participantIds } = await createCall(app, {
    organizationId,
    roomId,
    participants: [{ identity: userId, seatUntil: new Date(app.clock.now()) }],
  });
  const participantId = participantIds[0]!;
  const setStatus = (status: 'connected' | 'disconnected' | 'left') =>
    changeCallParticipant(app, participantId, { status });
  return { callId, participantId, roomId, setStatus };
}

describe('the shown status', () => {
  it.each([
    ['online', 'offline', 'online', 'busy'],
    ['away', 'offline', 'away', 'busy'],
    ['busy', 'offline', 'busy', 'busy'],
    ['dnd', 'offline', 'dnd', 'dnd'],
    ['offline', 'offline', 'offline', 'offline'],
  ])(
    'for the chosen status %s is %s without a device, %s with one, and %s in a call',
    async (said, gone, there, inCall) => {
      expect(await putPresence(ben, { status: said, message: 'Hello' })).toMatchObject({
        status: 200,
        body: { status: said, shownStatus: 'offline' },
      });
      expect(await statusSeen(ann, ben)).toBe(gone);
      app.inboxes.attach(ben);
      expect(await listPresence(ann, ben)).toEqual([
        { userId: ben.userId, status: there, message: there === 'offline' ? null : 'Hello' },
      ]);
      await putInCall(ben);
      expect(await statusSeen(ann, ben)).toBe(inCall);
      expect((await app.send('GET', ownPath, { token: ben.token })).body).toMatchObject({
        status: said,
        shownStatus: inCall,
      });
    },
  );

  it('is online with a device for a user who never chose one', async () => {
    app.inboxes.attach(ben);
    expect(await statusSeen(ann, ben)).toBe('online');
  });

  it('is reset at its expiry, and an expiry in the past is rejected', async () => {
    app.inboxes.attach(ben);
    const at = (seconds: number) => new Date(app.clock.now() + seconds * 1000).toISOString();
    expect(await putPresence(ben, { status: 'dnd', expiresAt: at(0) })).toMatchObject({
      status: 422,
      body: { code: 'presence.expiry_in_past' },
    });
    await putPresence(ben, { status: 'dnd', message: 'Workshop', expiresAt: at(60) });
    expect(await statusSeen(ann, ben)).toBe('dnd');
    app.clock.advanceSeconds(60);
    expect(await listPresence(ann, ben)).toMatchObject([{ status: 'online', message: null }]);
  });

  it('is returned for several users at once, without users of other organizations', async () => {
    const [outsider, carl] = [await app.person(), await app.person({ organizationId: ann.organizationId })];
    app.inboxes.attach(outsider);
    app.inboxes.attach(carl);
    const seen = await listPresence(ann, ben, outsider, carl);
    expect(Object.fromEntries(seen.map(({ userId, status }) => [userId, status]))).toEqual({
      [ben.userId]: 'offline',
      [carl.userId]: 'online',
    });
  });
});

describe('the visibility', () => {
  beforeEach(() => void app.inboxes.attach(ben));

  it.each([
    ['everyone', 'online', 'online'],
    ['contacts', 'offline', 'online'],
    ['nobody', 'offline', 'offline'],
  ])('%s shows %s to other members and %s to contacts', async (visibility, toOthers, toContact) => {
    expect(await patchSettings(ben, { visibility })).toMatchObject({ status: 200, body: { visibility } });
    expect(await statusSeen(ann, ben)).toBe(toOthers);
    await addContact(ben, ann);
    expect(await statusSeen(ann, ben)).toBe(toContact);
    expect(await statusSeen(ben, ben)).toBe('online');
  });

  it("depends on the user's own address book, not on the viewer's", async () => {
    await patchSettings(ben, { visibility: 'contacts' });
    await addContact(ann, ben);
    expect(await statusSeen(ann, ben)).toBe('offline');
  });

  it('never includes a blocked user', async () => {
    await putPresence(ben, { status: 'online', message: 'Hello' });
    const { id } = await addContact(ben, ann, { blocked: true });
    expect(await listPresence(ann, ben)).toEqual([{ userId: ben.userId, status: 'offline', message: null }]);
    await app.send('PATCH', `/api/v1/contacts/${id}`, { token: ben.token, body: { blocked: false } });
    expect(await statusSeen(ann, ben)).toBe('online');
  });

  it('is stored with the other settings under a version that setting a status does not change', async () => {
    const read = await app.send('GET', `${ownPath}/settings`, { token: ben.token });
    expect(read.body).toEqual({
      visibility: 'everyone',
      screenUnknownCallers: false,
      favouritesRingThrough: true,
    });
    const headers = { 'if-match': read.headers.get('etag')! };
    await putPresence(ben, { status: 'away' });
    const path = `${ownPath}/settings`;
    const first = await app.send('PATCH', path, {
      token: ben.token,
      body: { visibility: 'nobody' },
      headers,
    });
    expect(first.status).toBe(200);
    const stale = await app.send('PATCH', path, {
      token: ben.token,
      body: { visibility: 'everyone' },
      headers,
    });
    expect(stale.status).toBe(412);
    const both = await Promise.all([
      patchSettings(ben, { screenUnknownCallers: true }),
      patchSettings(ben, { favouritesRingThrough: false }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await app.send('GET', path, { token: ben.token })).body).toEqual({
      visibility: 'nobody',
      screenUnknownCallers: true,
      favouritesRingThrough: false,
    });
  });
});

describe('a follower', () => {
  let device: MemoryDevice;

  async function follow(viewer: Person, ...people: Person[]) {
    device = app.inboxes.attach(viewer);
    const userIds = people.map((person) => person.userId);
    await app.inboxes.send(viewer, device, { type: 'presence.subscribe', userIds });
    return device.framesOf('presence.list').at(-1)?.people;
  }
  const wake = () => app.inboxes.wake();
  const shown = () => device.framesOf('presence.changed').map(({ presence }) => presence.status);

  it('receives the present status at once, and each change of it', async () => {
    expect(await follow(ann, ben)).toMatchObject([{ userId: ben.userId, status: 'offline' }]);
    const phone = app.inboxes.attach(ben);
    await wake();
    expect(shown()).toEqual(['online']);
    await putPresence(ben, { status: 'dnd' });
    await wake();
    await putPresence(ben, { status: 'dnd' });
    await wake();
    expect(shown()).toEqual(['online', 'dnd']);
    app.inboxes.detach(ben, phone);
    await wake();
    expect(shown()).toEqual(['online', 'dnd']);
    app.clock.advanceSeconds(10);
    await wake();
    expect(shown()).toEqual(['online', 'dnd', 'offline']);
  });

  it('does not see a disconnection of less than ten seconds', async () => {
    const phone = app.inboxes.attach(ben);
    await wake();
    await follow(ann, ben);
    app.inboxes.detach(ben, phone);
    app.clock.advanceSeconds(5);
    app.inboxes.attach(ben);
    app.clock.advanceSeconds(10);
    await wake();
    expect(shown().filter((status) => status === 'offline')).toEqual([]);
  });

  it('is notified when a status expires', async () => {
    app.inboxes.attach(ben);
    await follow(ann, ben);
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    await putPresence(ben, { status: 'dnd', expiresAt });
    await wake();
    app.clock.advanceSeconds(60);
    await wake();
    expect(shown()).toEqual(['dnd', 'online']);
  });

  it('receives nothing at all about a user who blocks them or hides', async () => {
    app.inboxes.attach(ben);
    await follow(ann, ben);
    await wake();
    const { id } = await addContact(ben, ann);
    await app.send('PATCH', `/api/v1/contacts/${id}`, { token: ben.token, body: { blocked: true } });
    await app.drain();
    await wake();
    expect(shown().at(-1)).toBe('offline');
    const before = device.frames.length;
    for (const status of ['dnd', 'online', 'away']) {
      await putPresence(ben, { status });
      await wake();
    }
    expect(device.frames).toHaveLength(before);
    await app.send('PATCH', `/api/v1/contacts/${id}`, { token: ben.token, body: { blocked: false } });
    await app.drain();
    await wake();
    expect(shown().at(-1)).toBe('away');
  });

  it('sees a user turn busy when they join a call, and free when they leave it', async () => {
    app.inboxes.attach(ben);
    await follow(ann, ben);
    await wake();
    const { callId, participantId, roomId, setStatus } = await putInCall(ben);
    const happened = async (event: typeof participantJoined) => {
      const payload = { callId, roomId, participantId, identity: ben.userId, connectionSid: 'PA_1' };
      await ctxOf(ben).commit({
        write: () => [],
        events: [event.of(payload, { key: participantId })],
        result: undefined,
      });
      await app.drain();
      await wake();
    };
    await happened(participantJoined);
    await setStatus('left');
    await happened(participantLeft);
    expect(shown()).toEqual(['busy', 'online']);
  });

  it('is notified by the subscriber when the immediate notification failed', async () => {
    app.inboxes.attach(ben);
    await follow(ann, ben);
    await wake();
    app.inboxes.unreachable = true;
    await putPresence(ben, { status: 'away' });
    app.inboxes.unreachable = false;
    await wake();
    expect(shown()).toEqual([]);
    await app.drain();
    await wake();
    expect(shown().at(-1)).toBe('away');
  });

  it('is forgotten once they no longer follow the user, or are no longer members', async () => {
    await follow(ann, ben);
    expect(app.inboxes.watchersOf(ben)).toEqual([ann.userId]);
    app.inboxes.detach(ann, device);
    app.inboxes.attach(ben);
    await wake();
    expect(app.inboxes.watchersOf(ben)).toEqual([]);
    const carl = await app.person({ role: 'member', organizationId: ann.organizationId });
    await follow(carl, ben);
    const members = `/api/v1/organizations/${ann.organizationId}/members`;
    const boss = await withFreshToken(app, ann);
    const all = await app.send('GET', members, { token: boss.token });
    const member = all.body.data.find((each: { userId: string }) => each.userId === carl.userId);
    expect((await app.send('DELETE', `${members}/${member.id}`, { token: boss.token })).status).toBe(204);
    const before = device.frames.length;
    const fresh = await withFreshToken(app, ben, 'member');
    await putPresence(fresh, { status: 'away' });
    await wake();
    expect(app.inboxes.watchersOf(ben)).toEqual([]);
    expect(device.frames).toHaveLength(before);
  });
});

it('presence takes one round trip to read and two to set', async () => {
  const before = app.roundTrips();
  await listPresence(ann, ben);
  expect(app.roundTrips() - before).toBe(1);
  await putPresence(ben, { status: 'away' });
  expect(app.roundTrips() - before).toBe(3);
});
