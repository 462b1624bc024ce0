import { expect } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import { ownerSql } from '../sql.ts';
import { breakoutIdOf, participantOf, pollIdOf } from './prepared-rooms.ts';

type Factory = (app: TestApp, owner: Person) => Promise<string>;

/** Makes a resource through its own door. */
async function made(app: TestApp, owner: Person, path: string, body: unknown): Promise<string> {
  const answer = await app.send('POST', path, { token: owner.token, body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

/** Puts a row where no door makes one at once, and gives its id. */
async function planted(table: string, row: Record<string, unknown>): Promise<string> {
  const names = Object.keys(row);
  const places = names.map((_name, index) => `$${index + 1}`);
  await ownerSql(
    `insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  );
  return row.id as string;
}

const unique = () => crypto.randomUUID();
const iso = (app: TestApp, inSeconds = 0) => new Date(app.clock.now() + inSeconds * 1000).toISOString();

/** Somebody who waits to be let into the room. */
export const waitingIn = (app: TestApp, organizationId: string, roomId: string): Promise<string> =>
  planted('lobby_entries', {
    id: app.services.ids.create('lobbyEntry'),
    organization_id: organizationId,
    room_id: roomId,
    identity: app.services.ids.create('guest'),
    kind: 'guest',
    name: 'Ada',
    role: 'participant',
    created_at: iso(app),
    expires_at: iso(app, 1800),
  });

/** A link to a room of the owner. */
async function linkOf(app: TestApp, owner: Person): Promise<{ id: string; code: string }> {
  const roomId = await made(app, owner, '/api/v1/rooms', { name: `Room ${unique()}` });
  const answer = await app.send('POST', '/api/v1/links', { token: owner.token, body: { roomId } });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as { id: string; code: string };
}

/**
 * How to make what a path parameter names, in the owner's organization; by the parameter's name, or by
 * `collection/name` where a name means several things. A new route with a new parameter brings its own.
 */
export const resourceFactories: Record<string, Factory> = {
  code: async () => 'request.invalid',
  linkId: async (app, owner) => (await linkOf(app, owner)).id,
  'validate/code': async (app, owner) => (await linkOf(app, owner)).code,
  'join/code': async (app, owner) => (await linkOf(app, owner)).code,
  'links/code': async (app, owner) => (await linkOf(app, owner)).code,
  organizationId: async (_app, owner) => owner.organizationId,
  roomId: (app, owner) => made(app, owner, '/api/v1/rooms', { name: `Room ${unique()}` }),
  callId: async (app, owner) => {
    const { token } = owner;
    const roomId = await made(app, owner, '/api/v1/rooms', { name: 'Room' });
    const answer = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body.callId as string;
  },
  participantId: participantOf,
  pollId: pollIdOf,
  breakoutId: breakoutIdOf,
  lobbyEntryId: async (app, { organizationId }) => {
    const now = iso(app);
    const roomId = await planted('rooms', {
      id: app.services.ids.create('room'),
      organization_id: organizationId,
      name: 'Room',
      type: 'group',
      capacity: 2,
      features: '{}',
      lobby: true,
      empty_timeout_seconds: 300,
      departure_timeout_seconds: 20,
      default_roles: '{}',
      tags: '{}',
      metadata: '{}',
      created_by: unique(),
      created_at: now,
      updated_at: now,
    });
    return waitingIn(app, organizationId, roomId);
  },
  memberId: async (app, owner) => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    const [row] = await ownerSql<{ id: string }>('select id from members where user_id = $1', [userId]);
    return row!.id;
  },
  'api-keys/id': (app, owner) => made(app, owner, '/api/v1/api-keys', { name: `Key ${unique()}` }),
  'invitations/id': (app, owner) =>
    made(app, owner, `/api/v1/organizations/${owner.organizationId}/invitations`, {
      email: `${unique()}@auralink.test`,
    }),
  deadLetterId: (app, { organizationId }) =>
    planted('outbox', {
      id: app.services.ids.create('outbox'),
      organization_id: organizationId,
      type: 'test.died',
      key: unique(),
      payload: '{}',
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      status: 'dead',
      attempts: 8,
      last_error: 'it failed',
      available_at: iso(app),
      created_at: iso(app),
      finished_at: iso(app),
    }),
  auditLogId: async (app, owner) => {
    await made(app, owner, '/api/v1/api-keys', { name: `Key ${unique()}` });
    const list = await app.send('GET', '/api/v1/audit/logs?limit=1', { token: owner.token });
    return list.body.data[0].id as string;
  },
  sessionId: (app, { userId }) =>
    planted('sessions', {
      id: app.services.ids.create('session'),
      user_id: userId,
      token_hash: unique(),
      created_at: iso(app),
      updated_at: iso(app),
      expires_at: iso(app, 3600),
    }),
  contactId: (app, owner) =>
    made(app, owner, '/api/v1/contacts', { external: { name: 'Desk', address: unique() } }),
  ringId: async (app, owner) => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    return made(app, owner, '/api/v1/rings', { to: userId });
  },
  operationId: (app, { organizationId, userId }) =>
    planted('operations', {
      id: app.services.ids.create('operation'),
      organization_id: organizationId,
      kind: 'audit.export',
      input: '{}',
      requested_by: userId,
      permission: 'organizations:read',
      created_at: iso(app),
      updated_at: iso(app),
    }),
};
