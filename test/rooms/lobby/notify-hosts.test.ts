import { beforeEach, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let host: Person;
let roomId: string;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  const body = { name: 'Weekly', lobby: true };
  roomId = (await app.send('POST', '/api/v1/rooms', { token: host.token, body })).body.id as string;
});

const colleague = () => app.person({ role: 'member', organizationId: host.organizationId });
const device = (person: Person) => app.inboxes.attach(person);
const requestToken = (person: Person) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
const sendToRoom = (method: string, rest: string, body?: object) =>
  app.send(method, `/api/v1/rooms/${roomId}${rest}`, { token: host.token, ...(body ? { body } : {}) });

it('hosts are notified of a waiting person on all their devices, once for any number of requests', async () => {
  const [phone, laptop] = [device(host), device(host)];
  const grace = await colleague();
  const { lobbyEntryId } = (await requestToken(grace)).body;
  await app.drain();
  await requestToken(grace);
  await app.drain();
  const notification = {
    type: 'lobby.waiting',
    payload: { roomId, roomName: 'Weekly', lobbyEntryId, identity: grace.userId, name: expect.any(String) },
  };
  for (const each of [phone, laptop]) expect(each.framesOf('notification')).toMatchObject([{ notification }]);
});

it('moderators are notified, too; viewers and removed people are not', async () => {
  const seat = async (role: string) => {
    const person = await colleague();
    const { lobbyEntryId } = (await requestToken(person)).body;
    await sendToRoom('POST', `/lobby/${lobbyEntryId}/admit`);
    const path = `/participants/${(await requestToken(person)).body.participantId}`;
    expect((await sendToRoom('PATCH', path, { role })).status).toBe(200);
    return { person, path };
  };
  const [moderator, viewer, removed] = [
    await seat('moderator'),
    await seat('viewer'),
    await seat('moderator'),
  ];
  await sendToRoom('DELETE', removed.path);
  await app.drain();
  const devices = [moderator, viewer, removed].map(({ person }) => device(person));
  await requestToken(await colleague());
  await app.drain();
  expect(devices.map((each) => each.framesOf('notification').length)).toEqual([1, 0, 0]);
});

it('no notification is sent for a person who is no longer waiting', async () => {
  const phone = device(host);
  const { lobbyEntryId } = (await requestToken(await colleague())).body;
  await sendToRoom('POST', `/lobby/${lobbyEntryId}/admit`);
  await app.drain();
  expect(phone.framesOf('notification')).toEqual([]);
});
