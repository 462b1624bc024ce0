import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { sortedStatuses } from '../../support/sign-in.ts';
import { createRingClient } from './ring-client.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
const { ring, answer, addContact } = createRingClient(() => app);

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

const ringEachOther = () => Promise.all([ring(ann, ben), ring(ben, ann)]);
const directRooms = async (person: Person): Promise<string[]> => {
  const { body } = await app.send('GET', '/api/v1/rooms', { token: person.token });
  return body.data.map(({ id }: { id: string }) => id);
};

it('of two users who ring each other at the same time one rings, the other gets `ringing.crossed`, and there is one room', async () => {
  for (let round = 0; round < 3; round++) {
    const answers = await ringEachOther();
    expect(sortedStatuses(answers)).toEqual([201, 409]);
    const refused = answers.findIndex(({ status }) => status === 409);
    expect(answers[refused]!.body.code).toBe('ringing.crossed');
    const rung = answers[1 - refused]!;
    expect(rung.body.status).toBe('ringing');
    expect((await answer([ann, ben][refused]!, rung, 'accept')).status).toBe(200);
    expect(await directRooms(ann)).toEqual([rung.body.roomId]);
    expect(await directRooms(ben)).toEqual([rung.body.roomId]);
  }
});

it('a silent ring from a blocked user does not prevent a ring to that user', async () => {
  await addContact(ben, ann, { blocked: true });
  const [, second] = await ringEachOther();
  expect(second.body.status).toBe('ringing');
});

it('two silent rings in opposite directions create one room', async () => {
  for (const person of [ann, ben])
    await app.send('PUT', '/api/v1/me/presence', { token: person.token, body: { status: 'dnd' } });
  const answers = await ringEachOther();
  expect(answers.map(({ body }) => body.status)).toEqual(['declined', 'declined']);
  expect(new Set(answers.map(({ body }) => body.roomId)).size).toBe(1);
});
