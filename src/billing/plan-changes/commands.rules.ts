import { providerErrors } from '../providers/index.ts';
import { type CommandState, isCommanded, type SubscriptionRow } from '../subscriptions/index.ts';

/** Longer than a request may last, so that a command that has expired does nothing more. */
const EXPIRES_AFTER_MS = 60_000;
/** For how long a command that stopped without an answer is the same as one that asks for the same. */
const SAME_FOR_MS = 86_400_000;

export interface CommandName {
  /** `plan_changed`. */
  action: string;
  /** A hash of what is asked for. */
  content: string;
  /** The id of the caller. */
  actor: string;
}

const isNamed = ({ commandKey }: CommandState, { action, content }: CommandName): boolean =>
  commandKey !== null && commandKey.startsWith(`${action}/`) && commandKey.includes(`/${content}/`);

/**
 * The key with which the provider is asked. One command of a subscription runs at a time. One that stopped without an answer is
 * taken by its repetition, with its key, so that the provider makes one change; by another one when it has expired.
 * @returns also whether it is such a repetition, and whether it has its audit entry: that of somebody else has none
 * @throws AppError `billing.change_conflict` while another command keeps this one waiting
 */
export function takeKey(
  row: SubscriptionRow,
  name: CommandName,
  nowMs: number,
): { key: string; isRepeated: boolean; isAudited: boolean } {
  const isSame = isNamed(row, name);
  const isTaken = isCommanded(row, nowMs) && !(isSame && row.isCommandInterrupted);
  if (isTaken) throw providerErrors.changeConflict({ detail: 'try again in a few seconds' });
  const isRepeated = isSame && (row.commandExpiresAt?.getTime() ?? 0) + SAME_FOR_MS > nowMs;
  const own = `${name.action}/${row.id}/${row.version}/${name.content}/${name.actor}`;
  const key = isRepeated ? row.commandKey! : own;
  return { key, isRepeated, isAudited: isRepeated && key.endsWith(`/${name.actor}`) };
}

/** A command that runs from now on. */
export const runningCommand = (commandKey: string, nowMs: number): CommandState => ({
  commandKey,
  commandExpiresAt: new Date(nowMs + EXPIRES_AFTER_MS),
  isCommandInterrupted: false,
});
