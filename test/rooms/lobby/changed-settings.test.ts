import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const send = (method: string, path: string, body?: unknown) =>
  app.send(method, `/api/v1/rooms/${path}`, { token: world.host.token, ...(body ? { body } : {}) });
const change = async (roomId: string, settings: Record<string, unknown>) =>
  expect(await send('PATCH', roomId, settings)).toMatchObject({ status: 200 });
const waiting = async (roomId: string): Promise<unknown[]> =>
  (await send('GET', `${roomId}/lobby`)).body.data;
const decisions = (roomId: string) =>
  app.liveRooms.appliedCommands.flatMap(({ roomId: inRoom, command }) =>
    inRoom === roomId && command.type === 'lobby.decided' ? [[command.lobbyEntryId, command.decision]] : [],
  );
/** A guest who waits in the lobby, with their visitor key. */
async function guest(code: string) {
  const visitorKey = crypto.randomUUID();
  const { status, body } = await world.join(code, { visitorKey });
  expect(status).toBe(202);
  return { entryId: body.lobbyEntryId as string, token: body.guestTicket as string, visitorKey };
}
const askAgain = (roomId: string, token: string) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });

describe('people in the lobby', () => {
  it('are admitted, and see it, when the lobby is switched off, and are listed no longer', async () => {
    const { code, roomId } = await world.link({}, { lobby: true });
    const one = await guest(code);
    app.clock.advanceSeconds(1);
    const two = await guest(code);
    await change(roomId, { lobby: false });
    expect(decisions(roomId)).toEqual([
      [one.entryId, 'admitted'],
      [two.entryId, 'admitted'],
    ]);
    expect(await waiting(roomId)).toEqual([]);
    expect((await send('GET', `${roomId}/lobby/${one.entryId}`)).body).toMatchObject({ status: 'admitted' });
    expect((await askAgain(roomId, one.token)).body.status).toBe('admitted');
    // Two reloads the page.
    expect((await world.join(code, { visitorKey: two.visitorKey })).body.status).toBe('admitted');
  });

  it("are admitted when their link's approval is switched off, and only those of that link", async () => {
    const { id, code, roomId } = await world.link({ requireApproval: true });
    const other = await world.link({ roomId, requireApproval: true });
    const [freed, stays] = [await guest(code), await guest(other.code)];
    expect(await world.change(id, { requireApproval: false })).toMatchObject({ status: 200 });
    expect(decisions(roomId)).toEqual([[freed.entryId, 'admitted']]);
    expect(await waiting(roomId)).toMatchObject([{ id: stays.entryId }]);
  });

  it('wait on in a room that is locked, whatever they ask again, and can be admitted', async () => {
    const { code, roomId } = await world.link({}, { lobby: true });
    const { entryId, token, visitorKey } = await guest(code);
    await send('POST', `${roomId}/lock`);
    expect((await askAgain(roomId, token)).body).toMatchObject({ status: 'waiting', lobbyEntryId: entryId });
    expect((await world.join(code, { visitorKey })).body.lobbyEntryId).toBe(entryId);
    // Without a lobby the lock alone keeps them.
    await change(roomId, { lobby: false });
    expect((await askAgain(roomId, token)).body.status).toBe('waiting');
    expect((await world.join(code, { visitorKey: crypto.randomUUID() })).body.code).toBe('rooms.locked');
    expect(await send('POST', `${roomId}/lobby/${entryId}/admit`)).toMatchObject({ status: 200 });
    expect((await askAgain(roomId, token)).body.status).toBe('admitted');
  });

  it('wait on while something else keeps them: approval, lobby or lock', async () => {
    const { id, code, roomId } = await world.link({ requireApproval: true }, { lobby: true });
    const { entryId } = await guest(code);
    await change(roomId, { lobby: false });
    expect(await waiting(roomId)).toMatchObject([{ id: entryId }]);
    await change(roomId, { lobby: true });
    await world.change(id, { requireApproval: false });
    expect(await waiting(roomId)).toMatchObject([{ id: entryId }]);
    await send('POST', `${roomId}/lock`);
    await change(roomId, { lobby: false });
    expect(await waiting(roomId)).toMatchObject([{ id: entryId }]);
    await send('POST', `${roomId}/unlock`);
    expect(decisions(roomId)).toEqual([[entryId, 'admitted']]);
  });

  it('are shown the decision by a subscriber when the live room could not be reached', async () => {
    const { code, roomId } = await world.link({}, { lobby: true });
    const { entryId } = await guest(code);
    app.liveRooms.failNext(1);
    await change(roomId, { lobby: false });
    expect(decisions(roomId)).toEqual([]);
    await app.drain();
    expect(decisions(roomId)).toContainEqual([entryId, 'admitted']);
  });

  it('are listed no longer once they come in in another way', async () => {
    const { roomId } = await world.link({}, { lobby: true });
    const person = await world.colleague();
    const asked = await askAgain(roomId, person.token);
    expect(asked.status).toBe(202);
    await ownerSql(`update members set role = 'admin' where user_id = $1`, [person.userId]);
    const { token } = await withFreshToken(app, person, 'admin');
    expect((await askAgain(roomId, token)).body.status).toBe('admitted');
    expect(await waiting(roomId)).toEqual([]);
    expect(decisions(roomId)).toEqual([[asked.body.lobbyEntryId, 'admitted']]);
  });
});

describe('a lobby that is switched on', () => {
  it('keeps out no person with a token that still connects them', async () => {
    const { code, roomId } = await world.link();
    const { body } = await world.join(code);
    expect(body.status).toBe('admitted');
    await change(roomId, { lobby: true });
    expect((await askAgain(roomId, body.guestTicket)).body.status).toBe('admitted');
  });

  it('lets people wait whose token has run out without being used', async () => {
    const { id, code, roomId } = await world.link();
    const { body } = await world.join(code);
    await change(roomId, { lobby: true });
    app.clock.advanceSeconds(300);
    expect((await askAgain(roomId, body.guestTicket)).body.status).toBe('waiting');
    expect(id).toBeTruthy();
  });
});
