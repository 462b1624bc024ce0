import { z } from '@hono/zod-openapi';

/** Why events are missing after a reconnect: no longer stored; another history; the cursor is ahead of the history. */
export const GAP_REASONS = ['trimmed', 'epoch', 'ahead'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

export const gapReasonSchema = z
  .enum(GAP_REASONS)
  .describe(
    '`trimmed`: the events are no longer stored. `epoch`: the history was started again. `ahead`: the cursor is ' +
      'beyond the last event.',
  );

/** A position in a socket's ordered events: the last one that a client has received. */
export const defineCursorSchema = (example: { epoch: string; seq: number }) =>
  z
    .strictObject({
      epoch: z
        .string()
        .min(1)
        .max(64)
        .describe('Names one history of events. Another value means that the history was started again.'),
      seq: z
        .number()
        .int()
        .nonnegative()
        .describe('The number of the last event received; 0 before the first.'),
    })
    .openapi({ example })
    .describe('A position in the ordered events: the last one received.');
