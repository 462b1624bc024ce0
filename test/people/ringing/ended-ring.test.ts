import { beforeEach, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';
import { createRingClient } from './ring-client.ts';

let app: TestApp;
let ann: Person;
let cem: Person;
let roomId: string;
const { ring, answer } = createRingClient(() => app);

beforeEach(async () => {
  app = createTestApp();
  ann = await app.person();
  const member = { role: 'member', organizationId: ann.organizationId } as const;
  const ben = await app.person(member);
  cem = await app.person(member);
  const rung = await ring(ann, ben);
  roomId = rung.body.roomId;
  await answer(ann, rung, 'cancel');
});

const enter = (person: Person) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
const ringIntoRoom = async (): Promise<TestResponse> => {
  const rung = await ring(ann, cem, { roomId });
  expect(rung.status).toBe(201);
  return rung;
};

it('a private room is closed to people from outside without a ring', async () => {
  expect((await enter(cem)).status).toBe(404);
});

it.each(['ringing', 'accepted'])('a ring that is %s lets its callee into a private room', async (status) => {
  const rung = await ringIntoRoom();
  if (status === 'accepted') {
    expect((await answer(cem, rung, 'accept')).status).toBe(200);
    app.clock.advanceSeconds(120);
  }
  expect((await enter(cem)).status).toBeLessThan(300);
});

it.each(['cancel', 'decline'] as const)(
  'a ring that ended lets nobody into a private room: %s',
  async (how) => {
    const rung = await ringIntoRoom();
    expect((await answer(how === 'cancel' ? ann : cem, rung, how)).status).toBe(200);
    expect((await enter(cem)).status).toBe(404);
  },
);

it('a ring lets nobody into a private room once it has expired', async () => {
  const rung = await ringIntoRoom();
  app.clock.advanceSeconds(rung.body.timeoutSeconds);
  expect((await enter(cem)).status).toBe(404);
});
