import type { LiveCommand } from '../../realtime/protocol/index.ts';
import type { SpendingLimitRow } from './spending.rules.ts';

/** An active call of an organization with a spending limit. */
export interface LimitedCall {
  id: string;
  roomId: string;
}

/** How long before the end everybody is warned once more. */
const LAST_NOTICE_MS = 150_000;

/**
 * What people in a call are shown before the spending limit ends it: once when others are refused, and once shortly before the end.
 * @param leftMs how long the call lasts if as many stay connected
 */
export function budgetNotices(
  call: LimitedCall,
  { limitMicros }: Pick<SpendingLimitRow, 'limitMicros'>,
  leftMs: number,
  nowMs: number,
): LiveCommand[] {
  const notice = {
    type: 'notice',
    atMs: nowMs,
    by: null,
    level: 'warning',
    code: 'call.spending_limit',
    to: null,
  } as const;
  const minutes = Math.max(1, Math.floor(leftMs / 60_000));
  const month = new Date(nowMs).toISOString().slice(0, 7);
  const key = (name: string) => `${call.id}:${name}:${month}:${limitMicros}`;
  const isLast = leftMs <= LAST_NOTICE_MS;
  return [
    {
      ...notice,
      key: key(isLast ? 'spending_limit_last' : 'spending_limit'),
      text:
        'The spending limit of the organization is nearly reached. No one else can join, and the call ends in about ' +
        `${minutes} min unless the limit is raised`,
    },
  ];
}
