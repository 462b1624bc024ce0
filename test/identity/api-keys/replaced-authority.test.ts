import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { GOOD_PASSWORD, signUp } from '../../support/sign-in.ts';

let app: TestApp;
let owner: Person;
const KEYS = '/api/v1/api-keys';

beforeAll(() => {
  app = createTestApp();
});
beforeEach(async () => {
  owner = await app.person();
});

const post = (path: string, token: string | undefined, body?: object) =>
  app.send('POST', path, { ...(token ? { token } : {}), body });
const patch = (path: string, token: string, body: object) => app.send('PATCH', path, { token, body });
const createKey = async (scopes: string[], token = owner.token) =>
  (await post(KEYS, token, { name: 'Bot', scopes })).body as { id: string; secret: string };
/** A key that this isolate remembers with the scopes it was made with. */
const createUsedKey = async (scopes: string[]) => {
  const key = await createKey(scopes);
  await app.send('GET', '/api/v1/auth/whoami', { token: key.secret });
  return key;
};

describe('a secret that was replaced without grace', () => {
  it('does not reroll its key, though it was used a moment ago', async () => {
    const { id, secret: leaked } = await createUsedKey(['admin']);
    const { secret: fresh } = (await post(`${KEYS}/${id}/reroll`, owner.token, { graceSeconds: 0 })).body;
    expect((await post(`${KEYS}/${id}/reroll`, leaked, { graceSeconds: 0 })).body.code).toBe(
      'auth.invalid_token',
    );
    expect((await app.send('GET', KEYS, { token: fresh })).status).toBe(200);
  });

  it('creates no other key and reads nothing', async () => {
    const { id, secret: leaked } = await createUsedKey(['admin']);
    await post(`${KEYS}/${id}/reroll`, owner.token, { graceSeconds: 0 });
    expect((await post(KEYS, leaked, { name: 'Other', scopes: ['admin'] })).status).toBe(401);
    expect((await app.send('GET', KEYS, { token: leaked })).status).toBe(401);
  });

  it('is valid until its grace ends, when it has one', async () => {
    const { id, secret } = await createUsedKey(['admin']);
    await post(`${KEYS}/${id}/reroll`, owner.token, { graceSeconds: 60 });
    expect((await app.send('GET', KEYS, { token: secret })).status).toBe(200);
    app.clock.advanceSeconds(60);
    expect((await app.send('GET', KEYS, { token: secret })).status).toBe(401);
  });
});

describe('a key whose scopes were narrowed', () => {
  const narrow = async (scopes = ['admin']) => {
    const key = await createUsedKey(scopes);
    expect((await patch(`${KEYS}/${key.id}`, owner.token, { scopes: ['rooms:read'] })).status).toBe(200);
    return key;
  };

  it('gives itself and others nothing of what it had', async () => {
    const { id, secret } = await narrow();
    expect((await patch(`${KEYS}/${id}`, secret, { scopes: ['admin'] })).status).toBe(403);
    expect((await post(KEYS, secret, { name: 'Other', scopes: ['admin'] })).status).toBe(403);
    expect((await post(`${KEYS}/${id}/reroll`, secret)).status).toBe(403);
  });

  it('still does at once what it may do', async () => {
    const { secret } = await narrow();
    expect((await app.send('GET', '/api/v1/rooms', { token: secret })).status).toBe(200);
  });

  it('makes nobody an administrator', async () => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    const { secret } = await narrow();
    const members = `/api/v1/organizations/${owner.organizationId}/members`;
    const { body } = await app.send('GET', `${members}?limit=100`, { token: owner.token });
    const member = body.data.find((each: { userId: string }) => each.userId === userId);
    expect((await patch(`${members}/${member.id}`, secret, { role: 'admin' })).status).toBe(403);
  });

  it('moderates no room any more, not even one that it created', async () => {
    const { id, secret } = await createUsedKey(['rooms:write']);
    const room = `/api/v1/rooms/${(await post('/api/v1/rooms', secret, { name: 'Room' })).body.id}`;
    await patch(`${KEYS}/${id}`, owner.token, { scopes: ['rooms:read'] });
    const poll = { question: 'Tea?', options: ['Yes', 'No'] };
    const answers = [
      await post(`${room}/lock`, secret),
      await post(`${room}/polls`, secret, poll),
      await patch(room, secret, { name: 'Mine' }),
      await post(`${room}/end`, secret),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });
});

it.each(['verification', 'reset'])(
  'the first proof of an address, by %s, ends also the keys that were made with a key before',
  async (by) => {
    const { email, accessToken } = await signUp(app);
    const first = await createKey(['admin'], accessToken);
    const second = await createKey(['admin'], first.secret);
    if (by === 'reset') await post('/api/v1/auth/password/forgot', undefined, { email });
    await app.drain();
    const token = decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(email).text)![1]!);
    const proof =
      by === 'reset'
        ? await post('/api/v1/auth/password/reset', undefined, { token, newPassword: `${GOOD_PASSWORD}-2` })
        : await post('/api/v1/auth/email/verify', undefined, { token });
    expect(proof.status).toBeLessThan(300);
    for (const { secret } of [first, second])
      expect((await app.send('GET', KEYS, { token: secret })).status).toBe(401);
  },
);

describe('a change that grants authority', () => {
  /** Whether a transaction that holds the credential has locked the rows. */
  const isLocked = async (credential: object, table: string, id: string) => {
    const now = new Date(app.clock.now()).toISOString();
    const scope = { role: 'system', organizationId: owner.organizationId, userId: null } as const;
    return app.services.database.transaction(
      { ...scope, credential: { now, organization: owner.organizationId, hold: true, ...credential } },
      async (tx) => {
        const rows = await tx.execute(
          sql.raw(
            `select xmax::text <> '0' as locked from ${table} where '${id}' in (id, ${table === 'members' ? 'user_id' : 'id'})`,
          ),
        );
        return (rows as { rows: { locked: boolean }[] }).rows.map(({ locked }) => locked);
      },
    );
  };

  it('holds the session and the membership, or the key, that it rests on until it is committed', async () => {
    const { userId: user, sessionId: session } = owner;
    const { id: apiKey } = await createKey(['admin']);
    expect(await isLocked({ user, session }, 'sessions', session)).toEqual([true]);
    expect(await isLocked({ user, session }, 'members', user)).toEqual([true]);
    expect(await isLocked({ apiKey }, 'api_keys', apiKey)).toEqual([true]);
  });

  it('is every change of a key and of a member', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const members = `/api/v1/organizations/${owner.organizationId}/members`;
    const { body } = await app.send('GET', `${members}?limit=100`, { token: owner.token });
    const { id } = body.data.find((each: { userId: string }) => each.userId === member.userId);
    const { commit } = app.services.database;
    const held: unknown[] = [];
    app.services.database.commit = (scope, build) => {
      held.push(scope.credential?.hold);
      return commit.call(app.services.database, scope, build);
    };
    const key = await createKey(['read']);
    await patch(`${KEYS}/${key.id}`, owner.token, { scopes: ['write'] });
    await post(`${KEYS}/${key.id}/reroll`, owner.token);
    await patch(`${members}/${id}`, owner.token, { role: 'admin' });
    app.services.database.commit = commit;
    expect(held).toEqual([true, true, true, true]);
  });
});
