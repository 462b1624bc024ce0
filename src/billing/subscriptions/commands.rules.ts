import type { subscriptions } from './subscriptions.tables.ts';

/** The command of a subscription that was taken last and has not come to its end. */
export type CommandState = Pick<
  typeof subscriptions.$inferSelect,
  'commandKey' | 'commandExpiresAt' | 'isCommandInterrupted'
>;

export const NO_COMMAND: CommandState = {
  commandKey: null,
  commandExpiresAt: null,
  isCommandInterrupted: false,
};

/** Whether a command keeps everything else that changes the subscription waiting. */
export const isCommanded = ({ commandKey, commandExpiresAt }: CommandState, nowMs: number): boolean =>
  commandKey !== null && commandExpiresAt !== null && commandExpiresAt.getTime() > nowMs;
