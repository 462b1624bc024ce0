import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type OrderedPageQuery,
  readPageRange,
  requirePermission,
} from '../../kernel/core/index.ts';
import { memberErrors } from './members.errors.ts';
import {
  selectMember,
  selectMembership,
  selectMembers,
  type Member,
  type MemberWithUser,
} from './members.queries.ts';

/** @throws AppError `members.not_found` unless the credential is for this organization */
export function requireSameOrganization(ctx: Ctx, organizationId: string): void {
  if (ctx.organizationId !== organizationId) throw memberErrors.notFound();
}

/** The organization's members. @throws AppError `members.not_found` or `auth.forbidden` */
export async function listMembers(
  ctx: Ctx,
  organizationId: string,
  page: OrderedPageQuery,
): Promise<Page<MemberWithUser>> {
  requirePermission(ctx.actor, 'members:read');
  requireSameOrganization(ctx, organizationId);
  const range = readPageRange(page);
  const [rows] = await ctx.read((q) => [selectMembers(q, organizationId, range)]);
  return pageOf(rows, page.limit, ({ member }) => member.id);
}

/** @throws AppError `members.not_found` or `auth.forbidden` */
export async function getMember(ctx: Ctx, organizationId: string, memberId: string): Promise<MemberWithUser> {
  requirePermission(ctx.actor, 'members:read');
  requireSameOrganization(ctx, organizationId);
  const [[found]] = await ctx.read((q) => [selectMember(q, organizationId, memberId)]);
  if (!found) throw memberErrors.notFound();
  return found;
}

/**
 * A member and the caller's own membership, in one read. The verb decides what the caller may do.
 * @throws AppError `members.not_found`
 */
export async function readMemberAndCaller(
  ctx: Ctx,
  organizationId: string,
  memberId: string,
): Promise<{ target: MemberWithUser; caller: Member | undefined }> {
  requireSameOrganization(ctx, organizationId);
  const [[target], [caller]] = await ctx.read((q) => [
    selectMember(q, organizationId, memberId),
    selectMembership(q, organizationId, actorId(ctx.actor) ?? ''),
  ]);
  if (!target) throw memberErrors.notFound();
  return { target, caller };
}
