import type { LiveCommand } from '../../realtime/protocol/index.ts';
import type { Period } from '../usage/index.ts';
import type { SpendingLimitRow } from './spending.rules.ts';

/** An active call of an organization with a spending limit. */
export interface LimitedCall {
  id: string;
  roomId: string;
}

/** The remainder of a limit in a month. */
export interface MonthLeft {
  limit: SpendingLimitRow;
  /** In milliseconds of connected time. */
  leftMs: bigint;
  /** Number of participants who use it. */
  connected: number;
  month: Period;
}

/** Whether the month is over: only connections that began in it use it. */
export const isFormer = ({ month }: Pick<MonthLeft, 'month'>, nowMs: number): boolean =>
  month.to.getTime() <= nowMs;

/** How long before the end everybody is warned once more. */
const LAST_NOTICE_MS = 150_000;

/**
 * The notices in a call before the spending limit ends it: one when others are refused, and one shortly before the end.
 * The remaining time is that of the present number of participants.
 */
export function budgetNotices(call: LimitedCall, left: MonthLeft, nowMs: number): LiveCommand[] {
  const notice = {
    type: 'notice',
    atMs: nowMs,
    by: null,
    level: 'warning',
    code: 'call.spending_limit',
    to: null,
  } as const;
  const leftMs = Number(left.leftMs) / left.connected;
  const minutes = Math.max(1, Math.floor(leftMs / 60_000));
  const month = left.month.from.toISOString().slice(0, 7);
  const key = (name: string) => `${call.id}:${name}:${month}:${left.limit.limitMicros}`;
  const isLast = leftMs <= LAST_NOTICE_MS;
  return [
    {
      ...notice,
      key: key(isLast ? 'spending_limit_last' : 'spending_limit'),
      text:
        (isFormer(left, nowMs)
          ? 'The spending limit of the month in which participants joined is nearly reached. The call ends in about '
          : 'The spending limit of the organization is nearly reached. No one else can join, and the call ends in about ') +
        `${minutes} min unless the limit is raised`,
    },
  ];
}
