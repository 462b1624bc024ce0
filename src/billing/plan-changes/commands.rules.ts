import { providerErrors } from '../providers/index.ts';
import { type CommandState, isCommanded, type SubscriptionRow } from '../subscriptions/index.ts';

/** Longer than a request can last, so that an expired command is certainly over. */
const EXPIRES_AFTER_MS = 60_000;
/** How long a request for the same change counts as the repetition of a command that stopped without an answer. */
const SAME_FOR_MS = 86_400_000;

export interface CommandName {
  /** `plan_changed`. */
  action: string;
  /** A hash of the requested change. */
  content: string;
  /** The id of the caller. */
  actor: string;
}

const isNamed = ({ commandKey }: CommandState, { action, content }: CommandName): boolean =>
  commandKey !== null && commandKey.startsWith(`${action}/`) && commandKey.includes(`/${content}/`);

/**
 * The key of the request to the provider. Only one command of a subscription runs at a time. A command that stopped
 * without an answer is continued by its repetition, with the same key, so that the provider makes one change. After it
 * has expired, another command can replace it.
 * @returns also whether this is such a repetition, and whether it has its audit entry; a repetition by another caller
 * has none
 * @throws AppError `billing.change_conflict` while another command runs
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

/** A command that starts now. */
export const runningCommand = (commandKey: string, nowMs: number): CommandState => ({
  commandKey,
  commandExpiresAt: new Date(nowMs + EXPIRES_AFTER_MS),
  isCommandInterrupted: false,
});
