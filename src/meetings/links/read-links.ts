import type { Ctx } from '../../platform/context/index.ts';
import { actorId, type Page, pageOf, readCursor } from '../../platform/core/index.ts';
import { isAdministrator } from '../rooms/index.ts';
import { linkErrors } from './links.errors.ts';
import { findLink, listLinkRows } from './links.queries.ts';
import { type Link, reachOf, requireReach, shown, type ShownLink } from './links.rules.ts';
import type { ListLinks } from './links.schemas.ts';

/** The links that the caller may see, in the order they were made. */
export async function listLinks(ctx: Ctx, query: ListLinks): Promise<Page<ShownLink>> {
  const { actor, organizationId } = ctx;
  const after = readCursor(query.cursor);
  const now = new Date(ctx.clock.now());
  const identity = isAdministrator(actor) ? null : (actorId(actor) ?? '');
  const [rows] = await ctx.read((q) => [listLinkRows(q, organizationId, identity, query, now, after)]);
  return pageOf(
    rows.map(({ link }) => shown(link, ctx.config.PUBLIC_URL, now.getTime())),
    query.limit,
    ({ id }) => id,
  );
}

/** A link, with what the caller may do with it. @throws AppError `links.not_found` */
export async function linkWithReach(
  ctx: Ctx,
  linkId: string,
): Promise<{ link: Link; reach: ReturnType<typeof reachOf> }> {
  const { actor, organizationId } = ctx;
  const [[found]] = await ctx.read((q) => [findLink(q, organizationId, linkId, actorId(actor) ?? '')]);
  if (!found) throw linkErrors.notFound();
  const reach = reachOf(actor, found.link, found.room, found);
  requireReach(reach);
  return { link: found.link, reach };
}

/** @throws AppError `links.not_found`, also for who is neither host, maker nor administrator */
export async function getLink(ctx: Ctx, linkId: string): Promise<ShownLink> {
  const { link } = await linkWithReach(ctx, linkId);
  return shown(link, ctx.config.PUBLIC_URL, ctx.clock.now());
}
