import type { Ctx } from '../../platform/context/index.ts';
import { actorId, type Page, pageOf, type PageQuery, readCursor } from '../../platform/core/index.ts';
import { memberErrors } from './members.errors.ts';
import {
  findMember,
  findMembership,
  listMemberRows,
  type Member,
  type MemberWithPerson,
} from './members.queries.ts';

/** @throws AppError `members.not_found` unless the credential is for this organization */
export function requireOwnOrganization(ctx: Ctx, organizationId: string): void {
  if (ctx.organizationId !== organizationId) throw memberErrors.notFound();
}

/** The organization's members, in the order they joined. */
export async function listMembers(
  ctx: Ctx,
  organizationId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<MemberWithPerson>> {
  requireOwnOrganization(ctx, organizationId);
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [listMemberRows(q, organizationId, after, limit + 1)]);
  return pageOf(rows, limit, ({ member }) => member.id);
}

/** @throws AppError `members.not_found` */
export async function getMember(
  ctx: Ctx,
  organizationId: string,
  memberId: string,
): Promise<MemberWithPerson> {
  requireOwnOrganization(ctx, organizationId);
  const [[found]] = await ctx.read((q) => [findMember(q, organizationId, memberId)]);
  if (!found) throw memberErrors.notFound();
  return found;
}

/** The member and the caller's own place, in one read. @throws AppError `members.not_found` */
export async function readMemberAndCaller(
  ctx: Ctx,
  organizationId: string,
  memberId: string,
): Promise<{ found: MemberWithPerson; caller: Member | undefined }> {
  requireOwnOrganization(ctx, organizationId);
  const [[found], [caller]] = await ctx.read((q) => [
    findMember(q, organizationId, memberId),
    findMembership(q, organizationId, actorId(ctx.actor) ?? ''),
  ]);
  if (!found) throw memberErrors.notFound();
  return { found, caller };
}
