import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import {
  deleteRoomPolicy,
  getPolicy,
  getRoomPolicy,
  setPolicy,
  setRoomPolicy,
  versionOf,
} from './manage-policies.ts';
import { policyErrors } from './moderation-policies.errors.ts';
import { presentPolicy } from './moderation-policies.present.ts';
import {
  policyExample,
  policySchema,
  roomPolicyExample,
  setPolicyExample,
  setPolicySchema,
  setRoomPolicyExample,
  setRoomPolicySchema,
} from './moderation-policies.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    moderation: 'read' | 'write';
  }
}

const tag = 'Moderation';
const path = '/api/v1/moderation/policy';
const roomPath = '/api/v1/rooms/{roomId}/moderation/policy';
const success = (description: string, example = policyExample) => ({
  200: { description, schema: policySchema, example },
});
const holds =
  'A change applies within ten seconds in each live room that is in use. Messages that it hides or ' +
  'rejects reach no other person.';
const managers = 'Hosts of the room and administrators can do this.';
const writeErrors = [roomErrors.notFound, accessErrors.notManager] as const;

export const policyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getModerationPolicy',
    tag,
    summary: 'Get the moderation policy',
    description:
      'Returns the rules of the organization for messages and captions in its rooms. Until a ' +
      'policy is set, no rules apply. The list of checks says whether models could be asked.',
    access: { kind: 'permission', permission: 'moderation:read' },
    limit: 'api',
    success: success('The policy'),
    handle: getPolicy,
    respond: (policy) => ok(presentPolicy(policy), versionOf(policy)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setModerationPolicy',
    tag,
    summary: 'Set the moderation policy',
    description: `Sets the rules of the organization for messages and captions in its rooms. ${holds}`,
    access: { kind: 'permission', permission: 'moderation:write' },
    limit: 'api',
    body: { schema: setPolicySchema, example: setPolicyExample },
    concurrency: true,
    success: success('The policy'),
    errors: [policyErrors.needsPerson],
    handle: (ctx, { body, ifMatch }) => setPolicy(ctx, body, ifMatch),
    respond: (policy) => ok(presentPolicy(policy), policy.version),
  }),
  defineRoute({
    method: 'get',
    path: roomPath,
    operationId: 'getRoomModerationPolicy',
    tag,
    summary: "Get a room's moderation policy",
    description:
      'Returns the policy that applies in a room: its own policy, or else that of the room that it is a ' +
      "breakout room of, or else that of the organization. The `ETag` belongs to the room's own policy. Hosts " +
      'and moderators can do this.',
    access: { kind: 'permission', permission: 'rooms:read' },
    limit: 'api',
    params: roomParamsSchema,
    success: success('The policy that holds', roomPolicyExample),
    errors: [roomErrors.notFound, moderatorErrors.notModerator],
    handle: (ctx, { params }) => getRoomPolicy(ctx, params),
    respond: ({ policy, version }) => ok(presentPolicy(policy), version),
  }),
  defineRoute({
    method: 'put',
    path: roomPath,
    operationId: 'setRoomModerationPolicy',
    tag,
    summary: "Set a room's moderation policy",
    description:
      "Sets a room's own policy, which replaces the organization's there, if that allows it. " +
      `${holds} ${managers}`,
    access: { kind: 'permission', permission: 'rooms:write' },
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: setRoomPolicySchema, example: setRoomPolicyExample },
    concurrency: true,
    success: success('The policy', roomPolicyExample),
    errors: [...writeErrors, policyErrors.notOfRooms, policyErrors.needsPerson],
    handle: (ctx, { params, body, ifMatch }) => setRoomPolicy(ctx, params, body, ifMatch),
    respond: (policy) => ok(presentPolicy(policy), policy.version),
  }),
  defineRoute({
    method: 'delete',
    path: roomPath,
    operationId: 'deleteRoomModerationPolicy',
    tag,
    summary: "Remove a room's moderation policy",
    description: `Removes a room's own policy: that of the organization applies again. ${managers}`,
    access: { kind: 'permission', permission: 'rooms:write' },
    limit: 'api',
    params: roomParamsSchema,
    concurrency: true,
    success: { 204: { description: 'It is removed' } },
    errors: [...writeErrors, policyErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteRoomPolicy(ctx, params, ifMatch),
    respond: noContent,
  }),
];
