import { authErrors, pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { memberErrors } from './members.errors.ts';
import type { MemberWithUser } from './members.queries.ts';
import {
  memberExample,
  memberListParamsSchema,
  memberPageSchema,
  memberParamsSchema,
  memberSchema,
  type MemberView,
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

function presentMember({ member, user }: MemberWithUser): MemberView {
  const { id, userId, role, status, invitedBy, createdAt, updatedAt } = member;
  return {
    id,
    userId,
    ...user,
    role,
    status,
    invitedBy,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export const memberRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listMembers',
    tag,
    summary: 'List the members of the organization',
    access: { kind: 'permission', permission: 'members:read' },
    limit: 'api',
    params: memberListParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they joined',
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
    summary: 'Read a member',
    access: { kind: 'permission', permission: 'members:read' },
    limit: 'api',
    params: memberParamsSchema,
    success: { 200: { description: 'The member', schema: memberSchema, example: memberExample } },
    errors: [memberErrors.notFound],
    handle: (ctx, { params }) => getMember(ctx, params.organizationId, params.memberId),
    respond: (found) => ok(presentMember(found), found.member.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateMember',
    tag,
    summary: "Change a member's role, suspend or reactivate them",
    description:
      'Nobody hands out a role that holds more than they do, nor touches a member who has one. Who is suspended or ' +
      'demoted keeps what their access token says for at most its life, and is refused a new one.',
    access: { kind: 'permission', permission: 'members:write' },
    limit: 'api',
    params: memberParamsSchema,
    body: { schema: updateMemberSchema, example: { role: 'admin' } },
    concurrency: true,
    success: {
      200: { description: 'The member as they are now', schema: memberSchema, example: memberExample },
    },
    errors: [memberErrors.notFound, memberErrors.beyondAuthority, memberErrors.lastOwner],
    handle: (ctx, { params, body, ifMatch }) =>
      updateMember(ctx, params.organizationId, params.memberId, body, ifMatch),
    respond: (found) => ok(presentMember(found), found.member.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'removeMember',
    tag,
    summary: 'Remove a member, or leave',
    description: 'Removing somebody else needs the permission `members:write` and a role that covers theirs.',
    access: { kind: 'credential', reason: 'anybody may leave; removing others is checked by the verb' },
    limit: 'api',
    params: memberParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Removed' } },
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
