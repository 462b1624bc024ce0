import type { Ctx } from '../../platform/context/index.ts';
import { difference, requestErrors, requireVersion } from '../../platform/core/index.ts';
import { audited } from './create-link.ts';
import { hashOfPassword } from './link-password.ts';
import { changeLink } from './links.queries.ts';
import { expiryOf, type Link, requireReach, shown, type ShownLink } from './links.rules.ts';
import type { UpdateLink } from './links.schemas.ts';
import { linkWithReach } from './read-links.ts';

/** How the link is guarded from now on. @throws AppError `request.invalid` */
async function guardOf(
  ctx: Ctx,
  link: Link,
  { access, password }: UpdateLink,
): Promise<Pick<Link, 'access' | 'passwordHash'>> {
  const wrong = (message: string) => requestErrors.invalid({ errors: [{ pointer: '/password', message }] });
  const implied = password === null && link.access === 'password' ? 'public' : link.access;
  const next = access ?? (typeof password === 'string' ? 'password' : implied);
  if (next !== 'password') {
    if (typeof password === 'string') throw wrong('must not be given where access is not password');
    return { access: next, passwordHash: null };
  }
  if (typeof password === 'string')
    return { access: next, passwordHash: await hashOfPassword(ctx, password) };
  if (password === null || link.passwordHash === null) throw wrong('must be given where access is password');
  return { access: next, passwordHash: link.passwordHash };
}

/**
 * Changes what is named and leaves the rest. Who is in already stays, whatever becomes of the link.
 * @throws AppError `links.not_found`, `links.not_yours`, `links.expiry_in_past`, `request.stale` or `request.invalid`
 */
export async function updateLink(
  ctx: Ctx,
  linkId: string,
  input: UpdateLink,
  ifMatch: number | undefined,
): Promise<ShownLink> {
  const { link, reach } = await linkWithReach(ctx, linkId);
  requireReach(reach, input);
  requireVersion(link, ifMatch);
  const nowMs = ctx.clock.now();
  const { password, expiresAt: _at, expiresInSeconds: _in, access: _access, ...plain } = input;
  const expiresAt = expiryOf(input, nowMs);
  const set = {
    ...plain,
    ...(await guardOf(ctx, link, input)),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    updatedAt: new Date(nowMs),
  };
  const changed: Link = { ...link, ...set, version: link.version + 1 };
  const { before, after } = difference(audited(link), audited(changed));
  return ctx.commit({
    write: (q) => [changeLink(q, link, set)],
    audit: {
      action: 'link.updated',
      target: { type: 'link', id: linkId },
      before,
      after: { ...after, fields: Object.keys(input), passwordChanged: password !== undefined },
    },
    effects: [{ type: 'link.updated', key: linkId, payload: { linkId, roomId: link.roomId } }],
    result: shown(changed, ctx.config.PUBLIC_URL, nowMs),
  });
}

/** Deletes a link: nobody new gets in by it. @throws AppError `links.not_found` or `request.stale` */
export async function deleteLink(ctx: Ctx, linkId: string, ifMatch: number | undefined): Promise<void> {
  const { link } = await linkWithReach(ctx, linkId);
  requireVersion(link, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [changeLink(q, link, { deletedAt: now, updatedAt: now })],
    audit: {
      action: 'link.deleted',
      severity: 'warning',
      target: { type: 'link', id: linkId },
      before: audited(link),
    },
    effects: [{ type: 'link.deleted', key: linkId, payload: { linkId, roomId: link.roomId } }],
    result: undefined,
  });
}
