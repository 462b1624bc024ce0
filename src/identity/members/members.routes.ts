import { entitlementErrors } from '../entitlements/index.ts';
import { authErrors, orderedPageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { memberErrors } from './members.errors.ts';
import { presentMember } from './members.present.ts';
import {
  memberExample,
  memberListParamsSchema,
  memberPageSchema,
  memberParamsSchema,
  memberSchema,
  updateMemberSchema,
} from './members.schemas.ts';
import { getMember, listMembers } from './read-members.ts';
import { removeMember } from './remove-member.ts';
import { updateMember } from './update-member.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    members: 'read' | 'write';
  }
}

const tag = 'Members';
const listPath = '/api/v1/organizations/{organizationId}/members';
const path = `${listPath}/{memberId}`;
const memberSuccess = { description: 'The member', schema: memberSchema, example: memberExample };

export const memberRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listMembers',
    tag,
    summary: 'List members',
    description:
      'Lists the members of the organization, also suspended ones, by default in the order they joined.',
    access: { kind: 'permission', permission: 'members:read' },
    limit: 'api',
    params: memberListParamsSchema,
    query: orderedPageQuerySchema,
    success: {
      200: {
        description: 'A page of members',
        schema: memberPageSchema,
        example: { data: [memberExample], nextCursor: null },
      },
    },
    errors: [memberErrors.notFound],
    handle: (ctx, { params, query }) => listMembers(ctx, params.organizationId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentMember), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getMember',
    tag,
    summary: 'Get a member',
    description: 'Returns a member of the organization with the user’s name and email address.',
    access: { kind: 'permission', permission: 'members:read' },
    limit: 'api',
    params: memberParamsSchema,
    success: { 200: memberSuccess },
    errors: [memberErrors.notFound],
    handle: (ctx, { params }) => getMember(ctx, params.organizationId, params.memberId),
    respond: (found) => ok(presentMember(found), found.member.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateMember',
    tag,
    summary: 'Update a member',
    description:
      'Changes the role of a member, suspends or reactivates them. You cannot give a role with permissions that ' +
      'you do not have, nor change a member with such a role. The member’s access tokens are refused from then on ' +
      'with `auth.outdated_token`; refreshing gives one that states the current membership.',
    access: { kind: 'permission', permission: 'members:write' },
    limit: 'api',
    params: memberParamsSchema,
    body: { schema: updateMemberSchema, example: { role: 'admin' } },
    concurrency: true,
    success: { 200: memberSuccess },
    errors: [
      entitlementErrors.limitReached,
      memberErrors.notFound,
      memberErrors.beyondAuthority,
      memberErrors.lastOwner,
    ],
    handle: (ctx, { params, body, ifMatch }) =>
      updateMember(ctx, params.organizationId, params.memberId, body, ifMatch),
    respond: (found) => ok(presentMember(found), found.member.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'removeMember',
    tag,
    summary: 'Remove a member',
    description:
      'Removes a member from the organization. Every member may leave, also a suspended one; removing somebody else ' +
      'needs `members:write` and every permission of their role. The last active owner cannot be removed.',
    access: { kind: 'credential', reason: 'every member may leave; removing others is checked by the verb' },
    limit: 'api',
    params: memberParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The member was removed' } },
    errors: [
      memberErrors.notFound,
      memberErrors.beyondAuthority,
      memberErrors.lastOwner,
      authErrors.noOrganization,
    ],
    handle: (ctx, { params, ifMatch }) => removeMember(ctx, params.organizationId, params.memberId, ifMatch),
    respond: noContent,
  }),
];
