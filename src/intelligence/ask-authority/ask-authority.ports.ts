import type { Actor } from '../../kernel/core/index.ts';
import type { AiBudget } from '../ai-budgets/index.ts';
import type { CallerPreferences } from '../ai-preferences/index.ts';
import type { ProviderKeyRow } from '../provider-keys/index.ts';

/** The properties of an organization that decide how a model is asked. */
export interface AskGround {
  budget: AiBudget | undefined;
  keys: readonly ProviderKeyRow[];
  preferences: CallerPreferences;
  /** Whether the plan seemed to include models on a key of the platform when it was read; the commit decides. */
  hasPlatformModels: boolean;
  /** Whether use beyond the plan is charged instead of refused. */
  isCharged: boolean;
}

/** A ground that a commit has proven, together with the caller's credential. */
export interface ProvenGround extends AskGround {
  /**
   * Whether it was also proven that the plan includes models on a key of the platform, whatever the number of tokens.
   */
  isPlanProven: boolean;
}

/** Grounds that this isolate has seen proven in the last seconds, by credential. */
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
