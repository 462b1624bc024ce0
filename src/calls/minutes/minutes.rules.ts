import type { LiveCommand } from '../../realtime/protocol/index.ts';

/**
 * Time that a participant with a seat reserves of a spending limit: this long before it is reached, no one else is
 * admitted.
 */
export const RESERVED_MS = 600_000;
/** How long running calls continue after the minutes of the plan are used up. */
const CONTINUES_MS = 3_600_000;
/** How long before the end everybody is warned once more. */
const LAST_NOTICE_MS = 120_000;

/** An active call of an organization whose minutes are used up. */
export interface UnpaidCall {
  id: string;
  organizationId: string;
  roomId: string;
  /** When the minutes were found used up. */
  since: Date;
}

/** When such a call ends, in milliseconds since the epoch: all calls of the organization at the same moment. */
export const unpaidEndsAtMs = ({ since }: Pick<UnpaidCall, 'since'>): number =>
  since.getTime() + CONTINUES_MS;

/** The notices in a call: one when the minutes are used up, and one shortly before the call ends. */
export function unpaidNotices(call: UnpaidCall, nowMs: number): LiveCommand[] {
  const endsAtMs = unpaidEndsAtMs(call);
  const leftMs = Math.max(0, endsAtMs - nowMs);
  const notice = {
    type: 'notice',
    atMs: nowMs,
    by: null,
    level: 'warning',
    code: 'call.minutes_used_up',
    to: null,
  } as const;
  return [
    {
      ...notice,
      key: `${call.id}:minutes_used_up:${endsAtMs}`,
      text:
        'The plan has no minutes left in this month. No one else can join, and the call ends in ' +
        `${Math.ceil(leftMs / 60_000)} min unless the plan gets more minutes`,
    },
    ...(leftMs > LAST_NOTICE_MS
      ? []
      : [
          {
            ...notice,
            key: `${call.id}:out_of_minutes:${endsAtMs}`,
            text: `The plan has no minutes left in this month: the call ends in ${Math.round(leftMs / 1000)} s`,
          },
        ]),
  ];
}
