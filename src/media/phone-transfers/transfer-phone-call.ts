import { clusterErrors } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError, retryStale } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import {
  changePhoneCall,
  holdHourly,
  identityOf,
  maskNumber,
  moveTo,
  type PhoneCall,
  type PhoneCallChange,
  phoneCallErrors,
  prefixOf,
  recordsOfMove,
  type TransferState,
} from '../phone-calls/index.ts';
import { phoneTransferRequested } from './phone-transfers.events.ts';
import { selectPhoneCallToTransfer, type TransferGround } from './phone-transfers.queries.ts';

/** Each rings another telephone. */
export const MOST_TRANSFERS = 3;
const SETTLE_ATTEMPTS = 3;

/** What decides the numbers that a telephone call may be transferred to; null when the trunk or number is off or deleted. */
function allowanceOf({ row, trunk, phoneNumber }: TransferGround): { allowedPrefixes: string[] } | null {
  if (row.direction === 'out') return trunk?.enabled ? trunk : null;
  return phoneNumber?.enabled ? { allowedPrefixes: phoneNumber.transferPrefixes } : null;
}

/**
 * Asks for the transfer of a telephone call that was answered: the other side is connected to another number, and leaves the room. The
 * trunk decides whether it may be called, and the plan how many in an hour. Within seconds the cluster is asked, by a subscriber of the event.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `phone_calls.*`, `billing.limit_reached` or `request.stale`
 */
export async function transferPhoneCall(
  ctx: Ctx,
  request: RoomAccessRequest,
  phoneCallId: string,
  number: string,
): Promise<PhoneCall> {
  const [access, [found]] = await requireRoomAccess(ctx, request, (q) => [
    selectPhoneCallToTransfer(q, ctx.organizationId, phoneCallId),
  ]);
  requireModerator(access);
  if (!found || found.row.roomId !== request.roomId) throw phoneCallErrors.notFound();
  const { row } = found;
  const isBusy = row.transferState !== null && row.transferState !== 'failed';
  if (row.state !== 'active' || isBusy) throw phoneCallErrors.notTransferable();
  const allowance = allowanceOf(found);
  if (!allowance)
    throw row.direction === 'out' ? phoneCallErrors.trunkDisabled() : phoneCallErrors.phoneNumberDisabled();
  if (prefixOf(number, allowance) === undefined) throw phoneCallErrors.numberNotAllowed();
  if (row.transfers >= MOST_TRANSFERS) throw phoneCallErrors.tooManyTransfers();
  const now = new Date(ctx.clock.now());
  const set = {
    transferNumber: number,
    transferState: 'requested',
    transfers: row.transfers + 1,
    transferredAt: now,
  } as const;
  return ctx.commit({
    write: (q) => [...changePhoneCall(q, row, set, now), ...holdHourly(q, ctx.organizationId, now)],
    audit: {
      action: 'phone_call.transfer_requested',
      target: { type: 'room', id: row.roomId },
      after: { phoneCallId, number: maskNumber(number) },
    },
    events: [phoneTransferRequested.of({ phoneCallId })],
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/** Asks the cluster once. @returns how the transfer ended, as far as that is known */
async function ask(ctx: Ctx, row: PhoneCall): Promise<TransferState> {
  const { cluster, callId, id, transferNumber } = row;
  try {
    const line = ctx.ports.clusters.phones(cluster, ctx.trace);
    return (await line.transfer(callId, identityOf(row), transferNumber!)) ? 'done' : 'failed';
  } catch (error) {
    const isRefused = isError(error, clusterErrors.refused);
    ctx.log.warn('phone_calls.transfer_not_made', { phoneCallId: id, error });
    return isRefused ? 'failed' : 'unknown';
  }
}

async function settle(ctx: Ctx, row: PhoneCall, transferState: TransferState): Promise<void> {
  const nowMs = ctx.clock.now();
  const change: PhoneCallChange = {
    transferState,
    ...(transferState === 'done' && row.state === 'active'
      ? moveTo(row, 'ending', 'transferred', nowMs)
      : {}),
  };
  const { audit, events } = recordsOfMove(row, { ...row, ...change });
  await ctx.commit({
    write: (q) => changePhoneCall(q, row, change, new Date(nowMs)),
    audit,
    events,
    result: undefined,
  });
}

/**
 * Makes the cluster do a requested transfer. A commit says so before; when nothing is known after that, the other side may have
 * been connected already, so it is not asked again.
 */
export async function makeTransfer(ctx: Ctx, { phoneCallId }: { phoneCallId: string }): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectPhoneCallToTransfer(q, ctx.organizationId, phoneCallId)]);
  if (found?.row.state !== 'active') return;
  const { row } = found;
  if (row.transferState === 'asked') return settle(ctx, row, 'unknown');
  if (row.transferState !== 'requested') return;
  // The trunk or the number may have changed since somebody asked for it.
  const allowance = allowanceOf(found);
  if (!allowance || prefixOf(row.transferNumber!, allowance) === undefined) return settle(ctx, row, 'failed');
  const asked = { transferState: 'asked' } as const;
  await ctx.commit({
    write: (q) => changePhoneCall(q, row, asked, new Date(ctx.clock.now())),
    result: undefined,
  });
  const outcome = await ask(ctx, row);
  // A look may have changed the row meanwhile; the outcome of the transfer must not be lost.
  await retryStale(SETTLE_ATTEMPTS, async () => {
    const [[current]] = await ctx.read((q) => [
      selectPhoneCallToTransfer(q, ctx.organizationId, phoneCallId),
    ]);
    if (current?.row.transferState === 'asked') await settle(ctx, current.row, outcome);
  });
}
