import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requestErrors, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import { requireManager, requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { policyErrors } from './moderation-policies.errors.ts';
import {
  changePolicy,
  deletePolicyRow,
  insertPolicy,
  selectPoliciesOfRoom,
  selectPolicy,
} from './moderation-policies.queries.ts';
import type { SetPolicy } from './moderation-policies.schemas.ts';
import type { ModerationPolicy } from './moderation-policies.tables.ts';
import { policyInForce } from './policies.rules.ts';

type RoomPolicy = Omit<SetPolicy, 'allowRoomPolicies'>;

/** 0 for a policy that was never set. */
export const versionOf = (policy: ModerationPolicy | undefined): number => policy?.version ?? 0;

const targetOf = ({ roomId, organizationId }: ModerationPolicy) =>
  roomId === null ? { type: 'organization', id: organizationId } : { type: 'room', id: roomId };

/** The fields for the audit log; the words would be too many. */
const auditOf = ({ enabled, exemptModerators, allowRoomPolicies, rules, modelCheck }: ModerationPolicy) => ({
  enabled,
  exemptModerators,
  allowRoomPolicies,
  rules: rules.map(({ name, action, mute, words }) => ({ name, action, mute, words: words.length })),
  modelCheck,
});

/**
 * The person in whose name models are asked.
 * @throws AppError `moderation_policies.needs_person`, or `auth.forbidden` without `ai:write`
 */
function authorOf({ actor }: Ctx, { modelCheck }: Pick<SetPolicy, 'modelCheck'>): string | null {
  const userId = actor.kind === 'user' ? actor.userId : null;
  if (modelCheck === null) return userId;
  requirePermission(actor, 'ai:write');
  if (userId === null) throw policyErrors.needsPerson();
  return userId;
}

/** Stores a policy in place of the one that was read. */
async function storePolicy(
  ctx: Ctx,
  before: ModerationPolicy | undefined,
  roomId: string | null,
  input: SetPolicy,
): Promise<ModerationPolicy> {
  const now = new Date(ctx.clock.now());
  const authorId = authorOf(ctx, input);
  const row: ModerationPolicy = {
    ...input,
    authorId,
    id: before?.id ?? ctx.ids.create('moderationPolicy'),
    organizationId: ctx.organizationId,
    roomId,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    version: versionOf(before) + 1,
  };
  return ctx.commit({
    write: (q) => [
      before ? changePolicy(q, before, { ...input, authorId, updatedAt: now }) : insertPolicy(q, row),
    ],
    audit: {
      action: 'moderation_policy.set',
      severity: 'warning',
      target: targetOf(row),
      ...(before ? { before: auditOf(before) } : {}),
      after: auditOf(row),
    },
    conflicts: {
      moderation_policies_organization_key: requestErrors.stale,
      moderation_policies_room_key: requestErrors.stale,
    },
    result: row,
  });
}

/** The policy of the organization; undefined if it was never set. @throws AppError `auth.forbidden` */
export async function getPolicy(ctx: Ctx): Promise<ModerationPolicy | undefined> {
  requirePermission(ctx.actor, 'moderation:read');
  const [[policy]] = await ctx.read((q) => [selectPolicy(q, ctx.organizationId, null)]);
  return policy;
}

/** Sets the policy of the organization. @throws AppError `auth.forbidden` or `request.stale` */
export async function setPolicy(ctx: Ctx, input: SetPolicy, ifMatch: IfMatch): Promise<ModerationPolicy> {
  requirePermission(ctx.actor, 'moderation:write');
  const before = await getPolicy(ctx);
  requireVersion({ version: versionOf(before) }, ifMatch);
  return storePolicy(ctx, before, null, input);
}

async function readRoomPolicies(ctx: Ctx, roomId: string) {
  const { organizationId } = ctx;
  const [access, policies] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectPoliciesOfRoom(q, organizationId, roomId),
  ]);
  return {
    access,
    policies,
    own: policies.find((each) => each.roomId === roomId),
    ofOrganization: policies.find((each) => each.roomId === null),
  };
}

/**
 * The policy that applies in a room, for its moderators.
 * @returns it with the version of the room's own policy; 0 without one
 * @throws AppError `rooms.not_found` or `moderation.not_moderator`
 */
export async function getRoomPolicy(ctx: Ctx, { roomId }: { roomId: string }) {
  const { access, policies, own } = await readRoomPolicies(ctx, roomId);
  requireModerator(access);
  return { policy: policyInForce(policies), version: versionOf(own) };
}

/** @throws AppError `rooms.not_found` or `rooms.not_manager` */
async function requireManagedRoom(ctx: Ctx, roomId: string) {
  const { access, ...found } = await readRoomPolicies(ctx, roomId);
  requireManager(ctx.actor, access.room, access);
  return found;
}

/**
 * Sets a room's own policy, which replaces the organization's there.
 * @throws AppError as `requireManagedRoom`; `moderation_policies.not_of_rooms` or `request.stale`
 */
export async function setRoomPolicy(
  ctx: Ctx,
  { roomId }: { roomId: string },
  input: RoomPolicy,
  ifMatch: IfMatch,
): Promise<ModerationPolicy> {
  const { own, ofOrganization } = await requireManagedRoom(ctx, roomId);
  if (ofOrganization?.allowRoomPolicies === false) throw policyErrors.notOfRooms();
  requireVersion({ version: versionOf(own) }, ifMatch);
  return storePolicy(ctx, own, roomId, { ...input, allowRoomPolicies: true });
}

/**
 * Removes a room's own policy.
 * @throws AppError as `requireManagedRoom`; `moderation_policies.not_found` or `request.stale`
 */
export async function deleteRoomPolicy(
  ctx: Ctx,
  { roomId }: { roomId: string },
  ifMatch: IfMatch,
): Promise<void> {
  const { own } = await requireManagedRoom(ctx, roomId);
  if (!own) throw policyErrors.notFound();
  requireVersion(own, ifMatch);
  await ctx.commit({
    write: (q) => [deletePolicyRow(q, own)],
    audit: {
      action: 'moderation_policy.removed',
      severity: 'warning',
      target: targetOf(own),
      before: auditOf(own),
    },
    result: undefined,
  });
}
