import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;
let admin: Person;
let member: Person;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
  const { organizationId } = owner;
  app.clock.advanceSeconds(1);
  admin = await app.person({ role: 'admin', organizationId });
  app.clock.advanceSeconds(1);
  member = await app.person({ role: 'member', organizationId });
});

const listPath = (organizationId = owner.organizationId) => `/api/v1/organizations/${organizationId}/members`;

/** The path of a person's membership, found in the list of members. */
async function memberPathOf(person: Person, reader = owner): Promise<string> {
  const { body } = await app.send('GET', `${listPath()}?limit=100`, { token: reader.token });
  const found = body.data.find((each: { userId: string }) => each.userId === person.userId);
  return `${listPath()}/${found.id}`;
}

const patchMember = async (by: Person, subject: Person, body: object, headers: Record<string, string> = {}) =>
  app.send('PATCH', await memberPathOf(subject), { token: by.token, body, headers });
const removeMember = async (by: Person, subject: Person) =>
  app.send('DELETE', await memberPathOf(subject), { token: by.token });

describe('reading members', () => {
  it('lists members with name and address page by page, in the order of joining', async () => {
    const first = await app.send('GET', `${listPath()}?limit=2`, { token: member.token });
    expect(first.body.data).toHaveLength(2);
    expect(first.body.data[0]).toMatchObject({
      userId: owner.userId,
      email: owner.email,
      name: 'Test Person',
      role: 'owner',
      status: 'active',
    });
    const second = await app.send('GET', `${listPath()}?limit=2&cursor=${first.body.nextCursor}`, {
      token: member.token,
    });
    expect(second.body.data.map((each: { userId: string }) => each.userId)).toEqual([member.userId]);
    expect(second.body.nextCursor).toBeNull();
  });

  it('answers the same for a foreign organization or member as for one that does not exist', async () => {
    const outsider = await app.person();
    const path = await memberPathOf(member);
    const foreign = await app.send('GET', path, { token: outsider.token });
    expect(foreign.status).toBe(404);
    const smuggled = await app.send('GET', path.replace(owner.organizationId, outsider.organizationId), {
      token: outsider.token,
    });
    expect(smuggled.status).toBe(404);
    expect(smuggled.body.code).toBe('members.not_found');
    expect((await app.send('GET', listPath(), { token: outsider.token })).status).toBe(404);
  });

  it('is refused to guests', async () => {
    const guest = await app.person({ role: 'guest', organizationId: owner.organizationId });
    expect((await app.send('GET', listPath(), { token: guest.token })).status).toBe(403);
  });

  it('takes one round trip to read and two to write', async () => {
    const path = await memberPathOf(member);
    const before = app.roundTrips();
    await app.send('GET', path, { token: owner.token });
    expect(app.roundTrips() - before).toBe(1);
    await app.send('PATCH', path, { token: owner.token, body: { role: 'guest' } });
    expect(app.roundTrips() - before).toBe(3);
    await app.send('DELETE', path, { token: owner.token });
    expect(app.roundTrips() - before).toBe(5);
  });
});

describe('changing a role', () => {
  it('changes the role and the version', async () => {
    const changed = await patchMember(admin, member, { role: 'guest' });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ userId: member.userId, role: 'guest' });
    expect(changed.headers.get('etag')).toBe('"2"');
  });

  it('refuses a stale version', async () => {
    await patchMember(owner, member, { role: 'guest' });
    const stale = await patchMember(owner, member, { role: 'admin' }, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
  });

  it('requires `members:write`', async () => {
    const other = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect((await patchMember(other, member, { role: 'guest' })).status).toBe(403);
    expect((await patchMember(member, member, { role: 'admin' })).status).toBe(403);
  });

  it('refuses a role with permissions that the caller does not have', async () => {
    const promoted = await patchMember(admin, member, { role: 'owner' });
    expect(promoted.status).toBe(403);
    expect(promoted.body.code).toBe('members.beyond_authority');
    expect((await patchMember(admin, admin, { role: 'owner' })).body.code).toBe('members.beyond_authority');
  });

  it('refuses an admin who changes or removes an owner', async () => {
    for (const body of [{ role: 'member' }, { status: 'suspended' }])
      expect((await patchMember(admin, owner, body)).body.code).toBe('members.beyond_authority');
    expect((await removeMember(admin, owner)).body.code).toBe('members.beyond_authority');
  });

  it('uses the stored membership of the caller, not an older access token', async () => {
    await patchMember(owner, admin, { role: 'guest' });
    expect((await patchMember(admin, member, { role: 'guest' })).body.code).toBe('auth.outdated_token');
    await patchMember(owner, admin, { role: 'admin', status: 'suspended' });
    expect((await patchMember(admin, member, { role: 'guest' })).body.code).toBe('auth.outdated_token');
    expect((await removeMember(admin, member)).body.code).toBe('auth.forbidden');
  });

  it('refuses an unknown role, an unknown field and an empty change', async () => {
    for (const body of [{ role: 'root' }, { role: 'member', userId: owner.userId }, {}])
      expect((await patchMember(owner, member, body)).status).toBe(400);
  });
});

describe('suspending a member', () => {
  it('keeps the membership and can be undone', async () => {
    expect((await patchMember(admin, member, { status: 'suspended' })).body.status).toBe('suspended');
    expect((await patchMember(admin, member, { status: 'active' })).body.status).toBe('active');
  });

  it('removes the organization from the suspended member’s list', async () => {
    await patchMember(admin, member, { status: 'suspended' });
    const list = await app.send('GET', '/api/v1/organizations', { token: member.token });
    expect(list.body.data).toEqual([]);
  });
});

describe('removing and leaving', () => {
  it('allows every role to leave, and requires a permission to remove others', async () => {
    const guest = await app.person({ role: 'guest', organizationId: owner.organizationId });
    expect((await removeMember(member, guest)).status).toBe(403);
    const path = await memberPathOf(guest);
    expect((await app.send('DELETE', path, { token: guest.token })).status).toBe(204);
    expect((await app.send('GET', path, { token: owner.token })).status).toBe(404);
  });

  it('allows a suspended member to leave', async () => {
    await patchMember(owner, member, { status: 'suspended' });
    expect((await removeMember(member, member)).status).toBe(204);
  });

  it('is refused for a foreign organization', async () => {
    const outsider = await app.person();
    expect((await removeMember(outsider, member)).status).toBe(404);
  });
});

describe('the last owner', () => {
  it.each([{ role: 'admin' }, { status: 'suspended' }])('cannot be changed to %o', async (body) => {
    const refused = await patchMember(owner, owner, body);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('members.last_owner');
  });

  it('cannot leave', async () => {
    expect((await removeMember(owner, owner)).body.code).toBe('members.last_owner');
  });

  it('is not replaced by a suspended one', async () => {
    const second = await app.person({ role: 'owner', organizationId: owner.organizationId });
    await patchMember(owner, second, { status: 'suspended' });
    expect((await removeMember(owner, owner)).body.code).toBe('members.last_owner');
  });

  it('can step down once there is another', async () => {
    await app.person({ role: 'owner', organizationId: owner.organizationId });
    expect((await patchMember(owner, owner, { role: 'member' })).status).toBe(200);
  });

  it.each(['demote each other', 'leave', 'demote themselves'])(
    'remains when two owners %s at the same time',
    async (how) => {
      const second = await app.person({ role: 'owner', organizationId: owner.organizationId });
      const [ofOwner, ofSecond] = [await memberPathOf(owner), await memberPathOf(second)];
      const [first, other] = how === 'demote each other' ? [ofSecond, ofOwner] : [ofOwner, ofSecond];
      const method = how === 'leave' ? 'DELETE' : 'PATCH';
      const body = method === 'PATCH' ? { role: 'member' } : undefined;
      const both = await Promise.all([
        app.send(method, first, { token: owner.token, body }),
        app.send(method, other, { token: second.token, body }),
      ]);
      const list = await app.send('GET', listPath(), { token: member.token });
      const owners = list.body.data.filter((each: { role: string }) => each.role === 'owner');
      expect(owners).toHaveLength(1);
      expect(both.filter((each) => each.status < 300)).toHaveLength(1);
    },
  );
});
