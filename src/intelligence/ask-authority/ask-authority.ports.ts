import type { Actor } from '../../kernel/core/index.ts';
import type { AiBudget } from '../ai-budgets/index.ts';
import type { CallerPreferences } from '../ai-preferences/index.ts';
import type { ProviderKeyRow } from '../provider-keys/index.ts';

/** What of an organization decides how a model is asked. */
export interface AskGround {
  budget: AiBudget | undefined;
  keys: readonly ProviderKeyRow[];
  preferences: CallerPreferences;
  /** Whether the plan includes models on a key of the platform, as it was read: the commit decides. */
  hasPlatformModels: boolean;
  /** Whether more than what the plan includes is charged, and not refused. */
  isCharged: boolean;
}

/** A ground that a commit has proven together with the caller's credential. */
export interface ProvenGround extends AskGround {
  /** Whether that the plan includes models on a key of the platform, however many tokens, was proven, too. */
  isPlanProven: boolean;
}

/** What this isolate has seen proven in the last seconds, by credential. */
export interface ProvenAskers {
  find(actor: Actor): ProvenGround | undefined;
  remember(actor: Actor, ground: ProvenGround): void;
  forget(actor: Actor): void;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    provenAskers: ProvenAskers;
  }
}
