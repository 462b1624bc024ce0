import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import { requireManager, restrictedViewer } from '../access/index.ts';
import { type Room, roomErrors } from '../rooms/index.ts';
import { hashLinkPassword } from './hash-link-password.ts';
import { linkErrors } from './links.errors.ts';
import { holdLinks, selectLinkTarget, insertLink } from './links.queries.ts';
import {
  encodeCode,
  CODE_LENGTH,
  resolveExpiry,
  type Link,
  withStatus,
  type LinkWithStatus,
} from './links.rules.ts';
import type { CreateLink } from './links.schemas.ts';
import { linkCreated } from './links.events.ts';

/** The row of a new link, before it is stored. @throws AppError `links.expiry_in_past` */
async function buildLink(ctx: Ctx, room: Room, input: CreateLink): Promise<Link> {
  const { roomId: _room, callId, password, expiresInSeconds: _life, ...rest } = input;
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  return {
    ...rest,
    id: ctx.ids.create('link'),
    organizationId: ctx.organizationId,
    roomId: room.id,
    callId: callId ?? null,
    type: input.type ?? (callId === undefined ? 'room' : 'call'),
    code: encodeCode(ctx.ids.random(CODE_LENGTH)),
    access: input.access ?? (password === undefined ? 'public' : 'password'),
    passwordHash: password === undefined ? null : await hashLinkPassword(ctx, password),
    uses: 0,
    clicks: 0,
    uniqueVisitors: 0,
    defaultRole: input.defaultRole ?? room.defaultRoles.guest,
    expiresAt: resolveExpiry(input, nowMs) ?? null,
    lastUsedAt: null,
    createdBy: actorId(ctx.actor)!,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    version: 1,
  };
}

/** A link as audit entries show it: without its code, which is a credential, and its password. */
export const toAuditRecord = ({ roomId, callId, type, access, title, defaultRole, ...rest }: Link) => {
  const { maxUses, expiresAt, requireApproval, isActive } = rest;
  return {
    roomId,
    callId,
    type,
    access,
    title,
    defaultRole,
    maxUses,
    requireApproval,
    isActive,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
};

/**
 * Creates a link to a room, or to one call of it. Hosts of the room and administrators can do this.
 * @throws AppError `rooms.not_found`, `links.call_not_found`, `links.call_ended`, `rooms.not_manager`,
 * `billing.limit_reached`, `billing.feature_not_included` or `links.expiry_in_past`
 */
export async function createLink(ctx: Ctx, input: CreateLink): Promise<LinkWithStatus> {
  const { actor, organizationId } = ctx;
  const reader = { identity: actorId(actor) ?? '', viewer: restrictedViewer(actor) };
  const [[target]] = await ctx.read((q) => [selectLinkTarget(q, organizationId, input, reader)]);
  if (!target) throw input.callId === undefined ? roomErrors.notFound() : linkErrors.callNotFound();
  const { room, call } = target;
  requireManager(actor, room, target);
  if (call && call.status !== 'waiting' && call.status !== 'active') throw linkErrors.callEnded();
  const link = await buildLink(ctx, room, input);
  const { id } = link;
  return ctx.commit({
    write: (q) => [insertLink(q, link), ...holdLinks(q, organizationId, link.createdAt)],
    audit: { action: 'link.created', target: { type: 'link', id }, after: toAuditRecord(link) },
    events: [linkCreated.of({ linkId: id, roomId: room.id })],
    result: withStatus(link, ctx.config.PUBLIC_URL, ctx.clock.now()),
  });
}
