import { beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/identity/api-keys/create-api-key.ts';
import { getApiKey, listApiKeys } from '../../src/identity/api-keys/read-api-keys.ts';
import { rerollApiKey } from '../../src/identity/api-keys/reroll-api-key.ts';
import { revokeApiKey } from '../../src/identity/api-keys/revoke-api-key.ts';
import { updateApiKey } from '../../src/identity/api-keys/update-api-key.ts';
import { createInvitation } from '../../src/identity/invitations/create-invitation.ts';
import { getInvitation, listInvitations } from '../../src/identity/invitations/read-invitations.ts';
import { resendInvitation, revokeInvitation } from '../../src/identity/invitations/change-invitation.ts';
import { getMember, listMembers } from '../../src/identity/members/read-members.ts';
import { deleteOrganization } from '../../src/identity/organizations/delete-organization.ts';
import { getOrganization } from '../../src/identity/organizations/read-organizations.ts';
import { updateOrganization } from '../../src/identity/organizations/update-organization.ts';
import { createCtx, type Ctx } from '../../src/kernel/context/index.ts';
import { type Permission, type PermissionGrant, permits } from '../../src/kernel/core/index.ts';
import { createTestApp, type Person, type TestApp } from '../support/app.ts';

let app: TestApp;
let person: Person;

beforeAll(async () => {
  app = createTestApp();
  person = await app.person();
});

/** The context of a verb whose caller has these permissions, as a socket or a subscriber would build it. */
const ctxWith = (permissions: readonly PermissionGrant[]): Ctx =>
  createCtx(app.services, {
    actor: {
      kind: 'user',
      userId: person.userId,
      organizationId: person.organizationId,
      sessionId: person.sessionId,
      role: 'owner',
      plan: 'free',
      permissions,
    },
    origin: {
      requestId: 'req_test',
      traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });

const page = { limit: 20, cursor: undefined, order: 'asc' } as const;
const keyInput = { name: 'Key', scopes: ['read'], requestsPerMinute: 60, expiresAt: null };
const invitationInput = { email: 'ada@auralink.test', role: 'member' } as const;
type CallVerb = (ctx: Ctx, organizationId: string) => Promise<unknown>;

const VERBS: [name: string, needs: Permission, call: CallVerb][] = [
  ['getOrganization', 'organizations:read', (ctx, id) => getOrganization(ctx, id)],
  [
    'updateOrganization',
    'organizations:write',
    (ctx, id) => updateOrganization(ctx, id, { name: 'New' }, undefined),
  ],
  ['deleteOrganization', 'organizations:delete', (ctx, id) => deleteOrganization(ctx, id, undefined)],
  ['listMembers', 'members:read', (ctx, id) => listMembers(ctx, id, page)],
  ['getMember', 'members:read', (ctx, id) => getMember(ctx, id, 'mem_x')],
  ['createInvitation', 'invitations:write', (ctx, id) => createInvitation(ctx, id, invitationInput)],
  ['listInvitations', 'invitations:read', (ctx, id) => listInvitations(ctx, id, page)],
  ['getInvitation', 'invitations:read', (ctx, id) => getInvitation(ctx, id, 'inv_x')],
  ['resendInvitation', 'invitations:write', (ctx, id) => resendInvitation(ctx, id, 'inv_x')],
  ['revokeInvitation', 'invitations:write', (ctx, id) => revokeInvitation(ctx, id, 'inv_x', undefined)],
  ['createApiKey', 'api-keys:write', (ctx) => createApiKey(ctx, keyInput)],
  ['listApiKeys', 'api-keys:read', (ctx) => listApiKeys(ctx, page)],
  ['getApiKey', 'api-keys:read', (ctx) => getApiKey(ctx, 'key_x')],
  ['updateApiKey', 'api-keys:write', (ctx) => updateApiKey(ctx, 'key_x', { name: 'New' }, undefined)],
  ['rerollApiKey', 'api-keys:write', (ctx) => rerollApiKey(ctx, 'key_x', 0)],
  ['revokeApiKey', 'api-keys:write', (ctx) => revokeApiKey(ctx, 'key_x', undefined)],
];

const OTHER_GRANTS: readonly PermissionGrant[] = [
  'rooms:*',
  'organizations:read',
  'members:read',
  'invitations:read',
  'api-keys:read',
];

describe('a verb, called without a route,', () => {
  it.each(VERBS)('%s requires %s and reads nothing without it', async (_name, needs, call) => {
    const others = OTHER_GRANTS.filter((grant) => !permits([grant], needs));
    const before = app.roundTrips();
    await expect(call(ctxWith(others), person.organizationId)).rejects.toMatchObject({
      code: 'auth.forbidden',
      details: { detail: `needs ${needs}` },
    });
    expect(app.roundTrips() - before).toBe(0);
  });
});

it('a permission that no module declares does not compile', () => {
  // @ts-expect-error the action is misspelt
  const misspelt: Permission = 'rooms:wirte';
  // @ts-expect-error no module declares the resource
  const unknown: PermissionGrant = 'roms:*';
  expect(permits(['rooms:write'], misspelt)).toBe(false);
  expect(permits([unknown], 'rooms:read')).toBe(false);
});
