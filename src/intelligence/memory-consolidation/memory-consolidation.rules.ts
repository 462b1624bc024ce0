import type { Actor } from '../../kernel/core/index.ts';
import { requirePerson } from '../memory/index.ts';
import type { ConsolidationScope } from './memory-consolidation.schemas.ts';
import type { ConsolidationSettings } from './memory-consolidation.tables.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Without settings, memories that say the same are merged, and nothing is forgotten. */
export const DEFAULTS = { mergeSame: true, mostMemories: null, forgetUnusedDays: null } as const;

export type EffectiveSettings = Pick<ConsolidationSettings, keyof typeof DEFAULTS>;

/** @throws AppError `auth.forbidden` for an actor without a memory of their own */
export function ownerOfSettings(
  actor: Actor,
  scope: ConsolidationScope,
): Pick<ConsolidationSettings, 'space' | 'userId'> {
  if (scope === 'organization') return { space: 'organization', userId: null };
  const userId = requirePerson(actor);
  return { space: `person:${userId}`, userId };
}

/** 0 for settings that were never changed. */
export const versionOf = (settings: ConsolidationSettings | undefined): number => settings?.version ?? 0;

/** A memory is forgotten if it has been unused since this moment; null: none is. */
export const unusedSince = ({ forgetUnusedDays }: EffectiveSettings, nowMs: number): Date | null =>
  forgetUnusedDays === null ? null : new Date(nowMs - forgetUnusedDays * DAY_MS);

/** When a space is processed again without a change; null: only after a change. @param isMore whether work is left */
export function nextLookAt(settings: EffectiveSettings, isMore: boolean, nowMs: number): Date | null {
  if (isMore) return new Date(nowMs);
  return settings.forgetUnusedDays === null ? null : new Date(nowMs + 6 * HOUR_MS);
}
