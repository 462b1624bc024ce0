import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, pageOf, readPageRange } from '../../kernel/core/index.ts';
import { isAdministrator, restrictedViewer } from '../access/index.ts';
import { linkErrors } from './links.errors.ts';
import { selectLink, selectLinks } from './links.queries.ts';
import {
  type Link,
  resolveLinkAuthority,
  requireLinkAuthority,
  withStatus,
  type LinkWithStatus,
} from './links.rules.ts';
import type { LinkQuery } from './links.schemas.ts';

/** The links that the caller may see. */
export async function listLinks(ctx: Ctx, query: LinkQuery): Promise<Page<LinkWithStatus>> {
  const { actor, organizationId } = ctx;
  const range = readPageRange(query);
  const now = new Date(ctx.clock.now());
  const identity = isAdministrator(actor) ? null : (actorId(actor) ?? '');
  const [rows] = await ctx.read((q) => [
    selectLinks(q, organizationId, { identity, viewer: restrictedViewer(actor) }, query, now, range),
  ]);
  return pageOf(
    rows.map(({ link }) => withStatus(link, ctx.config.PUBLIC_URL, now.getTime())),
    query.limit,
    ({ id }) => id,
  );
}

/** A link, with what the caller can do with it. @throws AppError `links.not_found` */
export async function getLinkWithAuthority(
  ctx: Ctx,
  linkId: string,
): Promise<{ link: Link; authority: ReturnType<typeof resolveLinkAuthority> }> {
  const { actor, organizationId } = ctx;
  const reader = { identity: actorId(actor) ?? '', viewer: restrictedViewer(actor) };
  const [[found]] = await ctx.read((q) => [selectLink(q, organizationId, linkId, reader)]);
  if (!found) throw linkErrors.notFound();
  const authority = resolveLinkAuthority(actor, found.link, found.room, found);
  requireLinkAuthority(authority);
  return { link: found.link, authority };
}

/** @throws AppError `links.not_found`, also for callers who are neither host, creator nor administrator */
export async function getLink(ctx: Ctx, linkId: string): Promise<LinkWithStatus> {
  const { link } = await getLinkWithAuthority(ctx, linkId);
  return withStatus(link, ctx.config.PUBLIC_URL, ctx.clock.now());
}
