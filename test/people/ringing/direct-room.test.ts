import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';
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

const send = (person: Person, method: string, path: string, body?: object) =>
  app.send(method, `/api/v1/rooms${path}`, { token: person.token, ...(body ? { body } : {}) });
const enter = (person: Person, roomId: string) => send(person, 'POST', `/${roomId}/token`, {});
/** Rings and accepts. @returns the room of the ring */
const meet = async (from: Person, to: Person): Promise<string> => {
  const rung = await ring(from, to);
  expect(rung).toMatchObject({ status: 201, body: { status: 'ringing' } });
  expect((await answer(to, rung, 'accept')).status).toBe(200);
  return rung.body.roomId;
};
const roomIn = ({ status, body }: TestResponse): string => {
  expect(status).toBe(201);
  return body.roomId;
};
const roomsOf = async (person: Person): Promise<string[]> =>
  (await send(person, 'GET', '')).body.data.map(({ id }: { id: string }) => id);
/** Deletes the rings of this organization, as the sweep does after 90 days for all organizations. */
const forgetRings = () => ownerSql('delete from rings where organization_id = $1', [ann.organizationId]);

describe('the direct room of two users', () => {
  it('is replaced by another one after either was removed from it', async () => {
    const first = await meet(ann, ben);
    await enter(ann, first);
    const { participantId } = (await enter(ben, first)).body;
    expect((await send(ann, 'DELETE', `/${first}/participants/${participantId}`)).status).toBe(204);
    const second = await meet(ann, ben);
    expect(second).not.toBe(first);
    for (const person of [ann, ben])
      expect(await enter(person, second)).toMatchObject({ status: 200, body: { role: 'host' } });
    expect((await enter(ben, first)).body.code).toBe('rooms.removed');
    for (const person of [ann, ben])
      await app.send('POST', `/api/v1/rooms/${second}/end`, {
        token: person.token,
        body: { keepOpen: true },
      });
    expect(await meet(ben, ann)).toBe(second);
  });

  it('is used again after its rings were deleted, in either direction', async () => {
    const roomId = await meet(ann, ben);
    await forgetRings();
    expect(await meet(ben, ann)).toBe(roomId);
    await forgetRings();
    expect(await meet(ann, ben)).toBe(roomId);
    expect(await roomsOf(ann)).toEqual([roomId]);
    expect(await roomsOf(ben)).toEqual([roomId]);
  });

  it('is used again by a blocked caller, and stays hidden from the callee who blocks them', async () => {
    const contactId = await addContact(ben, ann, { blocked: true });
    const roomId = roomIn(await ring(ann, ben));
    await forgetRings();
    expect(roomIn(await ring(ann, ben))).toBe(roomId);
    app.clock.advanceSeconds(31);
    expect((await app.send('DELETE', `/api/v1/contacts/${contactId}`, { token: ben.token })).status).toBe(
      204,
    );
    expect(await roomsOf(ben)).toEqual([]);
    expect((await enter(ben, roomId)).body.code).toBe('rooms.not_found');
    const own = await meet(ben, ann);
    expect(own).not.toBe(roomId);
    expect(await meet(ann, ben)).toBe(own);
  });

  it('belongs to the pair: another person with a role in it gets direct rooms of their own with each', async () => {
    const roomId = await meet(ann, ben);
    await enter(ann, roomId);
    const carl = await app.person({ role: 'member', organizationId: ann.organizationId });
    await send(ann, 'PATCH', `/${roomId}`, { lobby: false });
    const rung = await ring(ann, carl, { roomId });
    await answer(carl, rung, 'accept');
    const { participantId } = (await enter(carl, roomId)).body;
    const path = `/${roomId}/participants/${participantId}`;
    expect((await send(ann, 'PATCH', path, { role: 'host' })).status).toBe(200);
    await send(ann, 'POST', `/${roomId}/end`, { keepOpen: true });
    const ofCarl = await meet(ann, carl);
    expect(ofCarl).not.toBe(roomId);
    expect(await meet(carl, ben)).not.toBe(roomId);
    await forgetRings();
    expect(await meet(carl, ann)).toBe(ofCarl);
    expect(await meet(ann, ben)).toBe(roomId);
  });
});
