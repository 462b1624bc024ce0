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
import { moveState } from '../cluster-rows/index.ts';
import { sealPassword } from './number-password.ts';
import { phoneNumberErrors } from './phone-numbers.errors.ts';
import { phoneNumberChanged, phoneNumberReleased } from './phone-numbers.events.ts';
import {
  changePhoneNumber,
  deletePhoneNumberRow,
  insertPhoneNumber,
  selectPhoneNumber,
  selectPhoneNumbers,
} from './phone-numbers.queries.ts';
import { toNetwork } from './phone-numbers.rules.ts';
import type { CreatePhoneNumber, UpdatePhoneNumber } from './phone-numbers.schemas.ts';
import type { PhoneNumber } from './phone-numbers.tables.ts';

const targetOf = ({ id }: Pick<PhoneNumber, 'id'>) => ({ type: 'phone_number', id });
const toNetworks = (texts: readonly string[]): string[] => [
  ...new Set(texts.map((text) => toNetwork(text)!)),
];

/** Lists the organization's numbers, the oldest first. @throws AppError `auth.forbidden` without `phone-numbers:read` */
export async function listPhoneNumbers(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<PhoneNumber>> {
  requirePermission(ctx.actor, 'phone-numbers:read');
  const page = { after: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectPhoneNumbers(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `phone_numbers.not_found`, or `auth.forbidden` without `phone-numbers:read` */
export async function getPhoneNumber(ctx: Ctx, phoneNumberId: string): Promise<PhoneNumber> {
  requirePermission(ctx.actor, 'phone-numbers:read');
  const [[found]] = await ctx.read((q) => [selectPhoneNumber(q, ctx.organizationId, phoneNumberId)]);
  if (!found) throw phoneNumberErrors.notFound();
  return found;
}

/**
 * Adds a number; the cluster takes its calls within seconds, by a subscriber of the event.
 * @throws AppError `phone_numbers.too_many`, `phone_numbers.taken`, `clusters.not_configured`, `billing.feature_not_included`, or
 * `auth.forbidden` without `phone-numbers:write`
 */
export async function createPhoneNumber(
  ctx: Ctx,
  { password, username, allowedNetworks, ...fields }: CreatePhoneNumber,
): Promise<PhoneNumber> {
  requirePermission(ctx.actor, 'phone-numbers:write');
  const cluster = ctx.ports.clusters.chooseCluster(ctx.origin.continent);
  const id = ctx.ids.create('phoneNumber');
  const now = new Date(ctx.clock.now());
  const shown = {
    ...fields,
    allowedNetworks: toNetworks(allowedNetworks),
    username: username ?? null,
    cluster,
  };
  const row: PhoneNumber = {
    ...shown,
    id,
    organizationId: ctx.organizationId,
    sealedPassword: password === undefined ? null : await sealPassword(ctx, id, password),
    clusterTrunk: null,
    begunAt: null,
    isSent: false,
    state: 'requested',
    reason: null,
    stateAt: now,
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => insertPhoneNumber(q, row),
    conflicts: { phone_numbers_number_key: phoneNumberErrors.taken },
    audit: { action: 'phone_number.created', severity: 'warning', target: targetOf(row), after: shown },
    events: [phoneNumberChanged.of({ phoneNumberId: id })],
    result: row,
  });
}

/** A change as the audit log records it; of the password, only that it was replaced. */
function auditedChange(row: PhoneNumber, { password, ...fields }: UpdatePhoneNumber) {
  const { before, after } = diffFields(row, fields);
  return { before, after: password === undefined ? after : { ...after, passwordReplaced: true } };
}

/** Changes the given fields of a number. @throws AppError as `getPhoneNumber`, `phone_numbers.*`, or `request.stale` */
export async function updatePhoneNumber(
  ctx: Ctx,
  phoneNumberId: string,
  input: UpdatePhoneNumber,
  ifMatch: IfMatch,
): Promise<PhoneNumber> {
  requirePermission(ctx.actor, 'phone-numbers:write');
  const row = await getPhoneNumber(ctx, phoneNumberId);
  requireVersion(row, ifMatch);
  const { password, allowedNetworks = row.allowedNetworks, ...fields } = input;
  const username = fields.username ?? row.username;
  if (password !== undefined && username === null) throw phoneNumberErrors.noUsername();
  if (username === null && allowedNetworks.length === 0) throw phoneNumberErrors.unprotected();
  const now = new Date(ctx.clock.now());
  const set: Partial<PhoneNumber> = {
    ...fields,
    allowedNetworks: toNetworks(allowedNetworks),
    isSent: false,
    // A number that takes calls takes them meanwhile; the cluster follows.
    ...(row.state === 'ready' ? {} : moveState(row, 'requested', null, now.getTime())),
    updatedAt: now,
  };
  if (password !== undefined) set.sealedPassword = await sealPassword(ctx, row.id, password);
  return ctx.commit({
    write: (q) => [changePhoneNumber(q, row, set)],
    audit: {
      action: 'phone_number.updated',
      severity: 'warning',
      target: targetOf(row),
      ...auditedChange(row, input),
    },
    events: [phoneNumberChanged.of({ phoneNumberId })],
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/** Deletes a number with its password; the calls that came in by it end. @throws AppError as `getPhoneNumber`, or `request.stale` */
export async function deletePhoneNumber(ctx: Ctx, phoneNumberId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'phone-numbers:write');
  const row = await getPhoneNumber(ctx, phoneNumberId);
  requireVersion(row, ifMatch);
  const { name, number, cluster, clusterTrunk } = row;
  return ctx.commit({
    write: (q) => [deletePhoneNumberRow(q, row)],
    audit: {
      action: 'phone_number.deleted',
      severity: 'warning',
      target: targetOf(row),
      before: { name, number },
    },
    events: [
      phoneNumberChanged.of({ phoneNumberId }),
      ...(clusterTrunk === null ? [] : [phoneNumberReleased.of({ phoneNumberId, cluster, clusterTrunk })]),
    ],
    result: undefined,
  });
}
