import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { phoneTrunkErrors } from './phone-trunks.errors.ts';
import { phoneTrunkClosed } from './phone-trunks.events.ts';
import {
  changeTrunk,
  deleteTrunkRow,
  insertTrunk,
  selectTrunk,
  selectTrunks,
} from './phone-trunks.queries.ts';
import type { CreatePhoneTrunk, UpdatePhoneTrunk } from './phone-trunks.schemas.ts';
import type { PhoneTrunk } from './phone-trunks.tables.ts';
import { sealPassword } from './trunk-password.ts';

const targetOf = ({ id }: Pick<PhoneTrunk, 'id'>) => ({ type: 'phone_trunk', id });

/** Lists the organization's trunks, the oldest first. @throws AppError `auth.forbidden` without `phone-trunks:read` */
export async function listPhoneTrunks(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<PhoneTrunk>> {
  requirePermission(ctx.actor, 'phone-trunks:read');
  const page = { after: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectTrunks(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `phone_trunks.not_found`, or `auth.forbidden` without `phone-trunks:read` */
export async function getPhoneTrunk(ctx: Ctx, phoneTrunkId: string): Promise<PhoneTrunk> {
  requirePermission(ctx.actor, 'phone-trunks:read');
  const [[found]] = await ctx.read((q) => [selectTrunk(q, ctx.organizationId, phoneTrunkId)]);
  if (!found) throw phoneTrunkErrors.notFound();
  return found;
}

/** The address of a trunk as the guard of outgoing addresses reads it, and each time it is used. */
export const trunkUrlOf = (address: string): string => `sip://${address}`;

/**
 * @throws AppError `phone_trunks.too_many`, `billing.feature_not_included`, `outgoing.*`, or `auth.forbidden` without
 * `phone-trunks:write`
 */
export async function createPhoneTrunk(
  ctx: Ctx,
  { password, username, ...fields }: CreatePhoneTrunk,
): Promise<PhoneTrunk> {
  requirePermission(ctx.actor, 'phone-trunks:write');
  await ctx.ports.outgoing.requireAllowed(trunkUrlOf(fields.address), 'phone');
  const id = ctx.ids.create('phoneTrunk');
  const now = new Date(ctx.clock.now());
  const shown = { ...fields, username: username ?? null };
  const row: PhoneTrunk = {
    ...shown,
    id,
    organizationId: ctx.organizationId,
    sealedPassword: password === undefined ? null : await sealPassword(ctx, id, password),
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => insertTrunk(q, row),
    audit: { action: 'phone_trunk.created', severity: 'warning', target: targetOf(row), after: shown },
    result: row,
  });
}

/** A change as the audit log records it; of the password, only that it was replaced. */
function auditedChange(row: PhoneTrunk, { password, ...fields }: UpdatePhoneTrunk) {
  const { before, after } = diffFields(row, fields);
  return { before, after: password === undefined ? after : { ...after, passwordReplaced: true } };
}

/** Changes the given fields of a trunk. @throws AppError as `getPhoneTrunk`, or `request.stale` */
export async function updatePhoneTrunk(
  ctx: Ctx,
  phoneTrunkId: string,
  input: UpdatePhoneTrunk,
  ifMatch: IfMatch,
): Promise<PhoneTrunk> {
  requirePermission(ctx.actor, 'phone-trunks:write');
  const row = await getPhoneTrunk(ctx, phoneTrunkId);
  requireVersion(row, ifMatch);
  const { password, ...fields } = input;
  const isUsernameKnown = fields.username !== undefined || row.username !== null;
  if (password !== undefined && !isUsernameKnown) throw phoneTrunkErrors.noUsername();
  const set: Partial<PhoneTrunk> = { ...fields, updatedAt: new Date(ctx.clock.now()) };
  if (password !== undefined) set.sealedPassword = await sealPassword(ctx, row.id, password);
  return ctx.commit({
    write: (q) => [changeTrunk(q, row, set)],
    audit: {
      action: 'phone_trunk.updated',
      severity: 'warning',
      target: targetOf(row),
      ...auditedChange(row, input),
    },
    events: row.enabled && fields.enabled === false ? [phoneTrunkClosed.of({ phoneTrunkId })] : [],
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/** Deletes a trunk with its password; the telephone calls through it end. @throws AppError as `getPhoneTrunk`, or `request.stale` */
export async function deletePhoneTrunk(ctx: Ctx, phoneTrunkId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'phone-trunks:write');
  const row = await getPhoneTrunk(ctx, phoneTrunkId);
  requireVersion(row, ifMatch);
  const { name, address, numbers } = row;
  return ctx.commit({
    write: (q) => [deleteTrunkRow(q, row)],
    audit: {
      action: 'phone_trunk.deleted',
      severity: 'warning',
      target: targetOf(row),
      before: { name, address, numbers },
    },
    events: [phoneTrunkClosed.of({ phoneTrunkId })],
    result: undefined,
  });
}
