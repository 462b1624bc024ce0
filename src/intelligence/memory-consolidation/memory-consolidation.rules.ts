import type { Actor } from '../../kernel/core/index.ts';
import { requirePerson } from '../memory/index.ts';
import type { ConsolidationScope } from './memory-consolidation.schemas.ts';
import type { ConsolidationSettings } from './memory-consolidation.tables.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Without settings memories that say the same are merged, and nothing is forgotten. */
export const DEFAULTS = { mergeSame: true, mostMemories: null, forgetUnusedDays: null } as const;

export type EffectiveSettings = Pick<ConsolidationSettings, keyof typeof DEFAULTS>;

/** @throws AppError `auth.forbidden` for somebody who has no memory of their own */
export function ownerOfSettings(
  actor: Actor,
  scope: ConsolidationScope,
): Pick<ConsolidationSettings, 'space' | 'userId'> {
  if (scope === 'organization') return { space: 'organization', userId: null };
  const userId = requirePerson(actor);
  return { space: `person:${userId}`, userId };
}

/** Of settings that were never changed it is 0. */
export const versionOf = (settings: ConsolidationSettings | undefined): number => settings?.version ?? 0;

/** Since when a memory must have been unused to be forgotten; null: none is. */
export const unusedSince = ({ forgetUnusedDays }: EffectiveSettings, nowMs: number): Date | null =>
  forgetUnusedDays === null ? null : new Date(nowMs - forgetUnusedDays * DAY_MS);

/**
 * When a space is looked at again without a change of it; null: only after one.
 * @param isMore whether something was left
 */
export function nextLookAt(settings: EffectiveSettings, isMore: boolean, nowMs: number): Date | null {
  if (isMore) return new Date(nowMs);
  return settings.forgetUnusedDays === null ? null : new Date(nowMs + 6 * HOUR_MS);
}
