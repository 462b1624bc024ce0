import { beforeEach, describe, expect, it } from 'vitest';
import { readChangedRules, readChatRules } from '../../../src/intelligence/moderation-policies/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { openSystemCtx } from '../../support/moderation.ts';

let app: TestApp;
let admin: Person;
let host: Person;
let roomId: string;
const rule = (name: string, rest: object = {}) => ({ name, words: [name], action: 'hide', ...rest });

const call = (method: string, path: string, body?: unknown, { token } = admin) =>
  app.send(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
const roomPath = () => `/rooms/${roomId}/moderation/policy`;
const holding = async (of = roomId) =>
  (await readChatRules(openSystemCtx(app, admin, []), of)).rules.map(({ name }) => name);

beforeEach(async () => {
  app = createTestApp();
  admin = await app.person();
  host = await app.person({ role: 'member', organizationId: admin.organizationId });
  roomId = (await call('POST', '/rooms', { name: 'Standup' }, host)).body.id;
});

describe('the policy of an organization', () => {
  it('has no rules before it is set, and then holds in every room', async () => {
    expect(await call('GET', '/moderation/policy')).toMatchObject({
      status: 200,
      body: { enabled: false, rules: [], updatedAt: null },
    });
    expect(await holding()).toEqual([]);
    expect(
      await call('PUT', '/moderation/policy', {
        rules: [rule('one'), rule('two', { action: 'flag' }), rule('three', { appliesTo: ['caption'] })],
      }),
    ).toMatchObject({ status: 200 });
    // The live room needs those alone that keep a message back.
    expect(await holding()).toEqual(['one']);
    await call('PUT', '/moderation/policy', { enabled: false, rules: [rule('one')] });
    expect(await holding()).toEqual([]);
  });

  it('is read by a live room only after a policy has changed, or was set or removed', async () => {
    const read = (known: string | null) => readChangedRules(openSystemCtx(app, admin, []), roomId, known);
    let known: string | null = null;
    const readNames = async () => {
      const found = await read(known);
      known = found?.version ?? known;
      expect(await read(known)).toBeNull();
      return found?.rules.rules.map(({ name }) => name);
    };
    expect(await readNames()).toEqual([]);
    await call('PUT', '/moderation/policy', { rules: [rule('one')] });
    expect(await readNames()).toEqual(['one']);
    await call('PUT', '/moderation/policy', { rules: [rule('two')] });
    expect(await readNames()).toEqual(['two']);
    await call('PUT', roomPath(), { rules: [rule('own')] }, host);
    expect(await readNames()).toEqual(['own']);
    await app.send('DELETE', `/api/v1${roomPath()}`, { token: host.token, headers: { 'if-match': '*' } });
    expect(await readNames()).toEqual(['two']);
  });

  it('is set by administrators alone', async () => {
    for (const method of ['GET', 'PUT'])
      expect(
        await call(method, '/moderation/policy', method === 'PUT' ? { rules: [] } : undefined, host),
      ).toMatchObject({ status: 403 });
  });

  it.each([
    [[rule('a'), rule('a')], 'must have different names'],
    [[rule('a', { words: ['!!!'] })], 'must contain a word'],
    [[rule('a', { words: ['a b c d e f g h i j k'] })], 'must have at most 10 words'],
    [
      [rule('a', { action: 'reject', mute: true })],
      'must be false with the action reject, which leaves nothing to review',
    ],
    [
      Array.from({ length: 5 }, (_each, n) =>
        rule(`r${n}`, { words: Array.from({ length: 500 }, (_word, w) => `w${w}`) }),
      ),
      'must have at most 2000 words together',
    ],
  ])('is refused when its rules make no sense', async (rules, message) => {
    const { status, body } = await call('PUT', '/moderation/policy', { rules });
    expect([status, body.errors]).toMatchObject([400, [{ message }]]);
  });
});

describe('the policy of a room', () => {
  beforeEach(() => call('PUT', '/moderation/policy', { rules: [rule('ofOrganization')] }));

  it('holds in place of that of the organization, until it is taken away', async () => {
    const set = await call('PUT', roomPath(), { rules: [rule('ofRoom')] }, host);
    expect(set).toMatchObject({ status: 200, body: { scope: 'room', roomId } });
    expect(await holding()).toEqual(['ofRoom']);
    expect((await call('GET', roomPath(), undefined, host)).body.rules).toMatchObject([{ name: 'ofRoom' }]);
    expect(await call('DELETE', roomPath(), undefined, host)).toMatchObject({ status: 204 });
    expect(await holding()).toEqual(['ofOrganization']);
    expect((await call('GET', roomPath(), undefined, host)).body).toMatchObject({ scope: 'organization' });
  });

  it('does not hold, and is not set, while the organization allows none', async () => {
    await call('PUT', roomPath(), { rules: [rule('ofRoom')] }, host);
    await call('PUT', '/moderation/policy', { rules: [rule('ofOrganization')], allowRoomPolicies: false });
    expect(await holding()).toEqual(['ofOrganization']);
    expect(await call('PUT', roomPath(), { rules: [] }, host)).toMatchObject({
      status: 403,
      body: { code: 'moderation_policies.not_of_rooms' },
    });
  });

  it('holds in its breakout rooms', async () => {
    await call('PUT', roomPath(), { rules: [rule('ofRoom')] }, host);
    await call('POST', `/rooms/${roomId}/token`, {}, host);
    const { body } = await call(
      'POST',
      `/rooms/${roomId}/breakouts`,
      { rooms: 1, assignment: 'manual' },
      host,
    );
    expect(await holding(body.rooms[0].roomId)).toEqual(['ofRoom']);
  });

  it('is the business of its hosts: other members neither see nor set it', async () => {
    const member = await app.person({ role: 'member', organizationId: admin.organizationId });
    expect(await call('GET', roomPath(), undefined, member)).toMatchObject({
      status: 403,
      body: { code: 'moderation.not_moderator' },
    });
    expect(await call('PUT', roomPath(), { rules: [] }, member)).toMatchObject({
      status: 403,
      body: { code: 'rooms.not_manager' },
    });
  });
});
