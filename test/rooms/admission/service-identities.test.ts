import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';

interface Key {
  id: string;
  token: string;
}

let meeting: Meeting;
beforeEach(async () => {
  meeting = await createMeeting();
});

async function createKey(scopes: string[], body: object = {}): Promise<Key> {
  const { app, host } = meeting;
  const made = await app.send('POST', '/api/v1/api-keys', {
    token: host.token,
    body: { name: 'Key', scopes, ...body },
  });
  expect(made).toMatchObject({ status: 201 });
  return { id: made.body.id, token: made.body.secret };
}
const join = (key: { token: string }, body: object, { send } = meeting) => send('POST', '/token', key, body);

describe('joining with an API key', () => {
  it.each([['read'], ['rooms:read'], ['rooms:read', 'calls:write'], ['rooms:observe', 'rooms:read']])(
    'is refused to the scopes %s %s',
    async (...scopes) => {
      const key = await createKey(scopes.filter((scope) => scope !== undefined));
      for (const role of [undefined, 'agent', 'observer'])
        expect(await join(key, { identity: 'bob', ...(role ? { role } : {}) })).toMatchObject({
          status: 403,
          body: { code: 'auth.forbidden' },
        });
      expect((await meeting.send('GET', '', key)).status).toBe(200);
    },
  );

  it.each(['write', 'rooms:write', 'admin'])(
    'is part of the scope %s, with agents and observers',
    async (scope) => {
      const key = await createKey([scope]);
      for (const role of [undefined, 'agent', 'observer'])
        expect((await join(key, { identity: `bob-${role}`, ...(role ? { role } : {}) })).status).toBe(200);
    },
  );

  it('needs rooms:join alone for participants, and rooms:observe besides for agents and observers', async () => {
    const [joining, observing] = [
      await createKey(['rooms:join']),
      await createKey(['rooms:join', 'rooms:observe']),
    ];
    expect((await join(joining, { identity: 'bob' })).body).toMatchObject({ role: 'participant' });
    for (const role of ['agent', 'observer']) {
      expect((await join(joining, { identity: 'eve', role })).body.code).toBe('auth.forbidden');
      expect((await join(observing, { identity: 'cyd', role })).body).toMatchObject({ role });
    }
  });

  it('lets a key whose scopes were narrowed to reading host none of the rooms that it created', async () => {
    const { app, host } = meeting;
    const key = await createKey(['rooms:write']);
    const made = await app.send('POST', '/api/v1/rooms', { token: key.token, body: { name: 'Own' } });
    const lock = () => app.send('POST', `/api/v1/rooms/${made.body.id}/lock`, { token: key.token });
    expect((await lock()).status).toBeLessThan(300);
    await app.send('PATCH', `/api/v1/api-keys/${key.id}`, {
      token: host.token,
      body: { scopes: ['rooms:read'] },
    });
    app.clock.advanceSeconds(11);
    expect((await lock()).status).toBe(403);
  });
});

it('the scopes rooms:join and rooms:observe exist for rooms alone', async () => {
  const { app, host } = meeting;
  for (const scope of ['calls:join', 'audit:observe', 'rooms:manage']) {
    const body = { name: 'Key', scopes: [scope] };
    expect((await app.send('POST', '/api/v1/api-keys', { token: host.token, body })).status).toBe(400);
  }
});

describe('an identity of a service', () => {
  const taken = { status: 409, body: { code: 'rooms.identity_taken' } };

  it('belongs to the key that used it first, with its role, in every room of the organization', async () => {
    const { app, host } = meeting;
    const [first, second] = [await createKey(['rooms:join']), await createKey(['write'])];
    const seat = await join(first, { identity: 'bob' });
    await meeting.send('PATCH', `/participants/${seat.body.participantId}`, host, { role: 'moderator' });
    for (const body of [{ identity: 'bob' }, { identity: 'bob', role: 'observer' }])
      expect(await join(second, body)).toMatchObject(taken);
    const made = await app.send('POST', '/api/v1/rooms', { token: host.token, body: { name: 'Other' } });
    const path = `/api/v1/rooms/${made.body.id}/token`;
    expect(await app.send('POST', path, { token: second.token, body: { identity: 'bob' } })).toMatchObject(
      taken,
    );
    expect((await join(first, { identity: 'bob' })).body).toMatchObject({ role: 'moderator' });
    expect((await join(second, { identity: 'cyd' })).status).toBe(200);
  });

  it('is not claimed by a request that is refused', async () => {
    const [first, second] = [await createKey(['rooms:join']), await createKey(['rooms:join'])];
    expect((await join(first, { identity: 'bob', role: 'host' })).body.code).toBe('rooms.role_not_allowed');
    expect((await join(second, { identity: 'bob' })).status).toBe(200);
  });

  it('is claimed in the lobby as well', async () => {
    const lobby = await createMeeting({ lobby: true }, meeting.app);
    const made = await Promise.all(
      ['a', 'b'].map((name) =>
        meeting.app.send('POST', '/api/v1/api-keys', {
          token: lobby.host.token,
          body: { name, scopes: ['rooms:join'] },
        }),
      ),
    );
    const [first, second] = made.map(({ body }) => ({ token: body.secret as string }));
    expect((await join(first!, { identity: 'bob' }, lobby)).status).toBe(202);
    expect(await join(second!, { identity: 'bob' }, lobby)).toMatchObject(taken);
  });

  it('stays with its key when the key is rerolled, for the former secret and the new one', async () => {
    const { app, host } = meeting;
    const key = await createKey(['rooms:join']);
    await join(key, { identity: 'bob' });
    const rerolled = await app.send('POST', `/api/v1/api-keys/${key.id}/reroll`, {
      token: host.token,
      body: {},
    });
    for (const token of [key.token, rerolled.body.secret])
      expect((await join({ token }, { identity: 'bob' })).status).toBe(200);
  });

  it.each(['revoked', 'expired'])(
    'of a key that is %s can be continued by a key that manages rooms, and by no other',
    async (how) => {
      const { app, host } = meeting;
      const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
      const former = await createKey(['rooms:join'], how === 'expired' ? { expiresAt } : {});
      await join(former, { identity: 'bob' });
      const [joining, managing] = [await createKey(['rooms:join']), await createKey(['rooms:write'])];
      expect(await join(managing, { identity: 'bob' })).toMatchObject(taken);
      if (how === 'expired') app.clock.advanceSeconds(61);
      else await app.send('DELETE', `/api/v1/api-keys/${former.id}`, { token: host.token });
      expect(await join(joining, { identity: 'bob' })).toMatchObject(taken);
      expect((await join(managing, { identity: 'bob' })).status).toBe(200);
      expect(
        await ownerSql(
          'select api_key_id from service_identities where identity = $1 and organization_id = $2',
          ['ext_bob', host.organizationId],
        ),
      ).toEqual([{ api_key_id: managing.id }]);
    },
  );

  it('is separate in each organization', async () => {
    const other = await createMeeting({}, meeting.app);
    await join(await createKey(['rooms:join']), { identity: 'bob' });
    const made = await meeting.app.send('POST', '/api/v1/api-keys', {
      token: other.host.token,
      body: { name: 'Key', scopes: ['rooms:join'] },
    });
    expect((await join({ token: made.body.secret }, { identity: 'bob' }, other)).status).toBe(200);
  });
});
