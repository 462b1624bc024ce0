import type { subscriptions } from './subscriptions.tables.ts';

/** The last command of a subscription that was taken and has not ended. */
export type CommandState = Pick<
  typeof subscriptions.$inferSelect,
  'commandKey' | 'commandExpiresAt' | 'isCommandInterrupted'
>;

export const NO_COMMAND: CommandState = {
  commandKey: null,
  commandExpiresAt: null,
  isCommandInterrupted: false,
};

/** Whether a command makes all other changes of the subscription wait. */
export const isCommanded = ({ commandKey, commandExpiresAt }: CommandState, nowMs: number): boolean =>
  commandKey !== null && commandExpiresAt !== null && commandExpiresAt.getTime() > nowMs;
