import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  mergeMetadata,
  requestErrors,
  requireVersion,
} from '../../kernel/core/index.ts';
import { toAuditRecord } from './create-link.ts';
import { hashLinkPassword } from './hash-link-password.ts';
import { holdLinks, updateLinkRow } from './links.queries.ts';
import {
  countsAsLink,
  resolveExpiry,
  type Link,
  requireLinkAuthority,
  withStatus,
  type LinkWithStatus,
} from './links.rules.ts';
import type { UpdateLink } from './links.schemas.ts';
import { getLinkWithAuthority } from './read-links.ts';
import { releaseWaiting } from './release-waiting.ts';
import { linkUpdated, linkDeleted } from './links.events.ts';

/** The access and the password hash after an update. @throws AppError `request.invalid` */
async function resolveProtection(
  ctx: Ctx,
  link: Link,
  { access, password }: UpdateLink,
): Promise<Pick<Link, 'access' | 'passwordHash'>> {
  const invalidPassword = (message: string) =>
    requestErrors.invalid({ errors: [{ pointer: '/password', message }] });
  const defaultAccess = password === null && link.access === 'password' ? 'public' : link.access;
  const nextAccess = access ?? (typeof password === 'string' ? 'password' : defaultAccess);
  if (nextAccess !== 'password') {
    if (typeof password === 'string') throw invalidPassword('must not be set unless access is password');
    return { access: nextAccess, passwordHash: null };
  }
  if (typeof password === 'string')
    return { access: nextAccess, passwordHash: await hashLinkPassword(ctx, password) };
  if (password === null || link.passwordHash === null)
    throw invalidPassword('must be set when access is password');
  return { access: nextAccess, passwordHash: link.passwordHash };
}

/**
 * Changes the given settings and keeps the others. People who already joined stay.
 * @throws AppError `links.not_found`, `links.not_yours`, `links.expiry_in_past`, `billing.limit_reached`,
 * `billing.feature_not_included`, `request.stale` or `request.invalid`
 */
export async function updateLink(
  ctx: Ctx,
  linkId: string,
  input: UpdateLink,
  ifMatch: IfMatch,
): Promise<LinkWithStatus> {
  const { link, authority } = await getLinkWithAuthority(ctx, linkId);
  requireLinkAuthority(authority, input);
  requireVersion(link, ifMatch);
  const nowMs = ctx.clock.now();
  const { password, expiresAt: _at, expiresInSeconds: _in, access: _access, metadata, ...plain } = input;
  const expiresAt = resolveExpiry(input, nowMs);
  const set = {
    ...plain,
    ...mergeMetadata(link.metadata, metadata),
    ...(await resolveProtection(ctx, link, input)),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    updatedAt: new Date(nowMs),
  };
  const changed: Link = { ...link, ...set, version: link.version + 1 };
  const becomesUsable = !countsAsLink(link, nowMs) && countsAsLink(changed, nowMs);
  const { before, after } = diffFields(toAuditRecord(link), toAuditRecord(changed));
  const result = await ctx.commit({
    write: (q) => [
      updateLinkRow(q, link, set),
      ...(becomesUsable ? holdLinks(q, link.organizationId, set.updatedAt) : []),
    ],
    audit: {
      action: 'link.updated',
      target: { type: 'link', id: linkId },
      before,
      after: { ...after, fields: Object.keys(input), passwordChanged: password !== undefined },
    },
    events: [linkUpdated.of({ linkId, roomId: link.roomId })],
    result: withStatus(changed, ctx.config.PUBLIC_URL, nowMs),
  });
  if (link.requireApproval && !changed.requireApproval)
    ctx.after('lobby.release', () => releaseWaiting(ctx, link.roomId));
  return result;
}

/** Deletes a link; people who already joined stay. @throws AppError `links.not_found` or `request.stale` */
export async function deleteLink(ctx: Ctx, linkId: string, ifMatch: IfMatch): Promise<void> {
  const { link } = await getLinkWithAuthority(ctx, linkId);
  requireVersion(link, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [updateLinkRow(q, link, { deletedAt: now, updatedAt: now })],
    audit: {
      action: 'link.deleted',
      severity: 'warning',
      target: { type: 'link', id: linkId },
      before: toAuditRecord(link),
    },
    events: [linkDeleted.of({ linkId, roomId: link.roomId })],
    result: undefined,
  });
}
