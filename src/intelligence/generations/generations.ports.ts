import type { Actor } from '../../kernel/core/index.ts';
import type { Budget } from '../../platform/limits/index.ts';
import type { ReusableAnswer, ReuseTerms, SavedByReuse } from '../answer-cache/index.ts';
import type { RoutePolicy } from '../generation-requests/index.ts';
import type { ModelRates } from '../models/index.ts';
import type { SealedKey } from '../provider-keys/index.ts';
import type { PassedOver } from '../routing/index.ts';
import type {
  AiProviderName,
  ChatEvent,
  ChatPart,
  ChatRequest,
  ModelTraits,
  StopReason,
  TokenUsage,
} from '../providers/index.ts';
import type {
  AttemptFailure,
  GenerationFailure,
  GenerationFeature,
  GenerationStatus,
  UsageState,
} from './generations.enums.ts';

/** A model that was tried, and why it did not answer; null for the one that did. */
export interface Attempt {
  provider: AiProviderName;
  model: string;
  failure: AttemptFailure | null;
}

/** How the models of a generation were chosen, and why others were not. */
export interface StoredRoute {
  /** Null when the request names its models. */
  policy: RoutePolicy | null;
  passedOver: readonly { provider: AiProviderName; model: string; reason: PassedOver }[];
}

/** A model that may answer. */
export interface Candidate {
  provider: AiProviderName;
  model: string;
  traits: ModelTraits;
  /** The key of the organization with which it is asked; null for that of the platform. */
  key: SealedKey | null;
  /** Its prices, when it is asked within a budget. */
  rates: ModelRates | null;
}

/** The feature that asked, and its object, as usage and costs name them. */
export interface GenerationOrigin {
  feature: GenerationFeature;
  room?: string;
  call?: string;
  agent?: string;
  conversation?: string;
  team_run?: string;
  /** Requests in batches have prices of their own. */
  service?: 'batch';
}

/** The amount that is reserved before a model is asked. */
export interface GenerationHold {
  budget: Budget;
  /** The most that the request can cost, in millionths of a USD. */
  amountMicros: number;
  /** A part of it that generations of this kind share; absent when they may use all of it. */
  share?: Budget;
}

/** A second model that was asked because the first was silent, and whose answer is not used. */
export interface HedgeUse {
  provider: AiProviderName;
  model: string;
  ownKey: boolean;
  usageState: UsageState;
  usage: TokenUsage;
}

/** Where a generation can be found. */
export interface GenerationRef {
  organizationId: string;
  generationId: string;
}

/** All that a live object needs to run a generation. No table has the question or the answer. */
export interface GenerationPlan extends GenerationRef {
  startedAtMs: number;
  /** The asker with everything that their authority rests on; it is proven again while a model is asked. */
  asker: Actor;
  /** Absent: `POST /ai/generations`. */
  origin?: GenerationOrigin;
  request: Omit<ChatRequest, 'model'>;
  /** In the order in which they are asked; never empty. */
  candidates: readonly Candidate[];
  route: StoredRoute;
  /** The terms for keeping the answer for reuse; null when it is not kept. */
  reuse: ReuseTerms | null;
  /** The kept answer that is used instead of asking a model. */
  reused: { answer: ReusableAnswer; saved: SavedByReuse } | null;
  /** Null without a budget. */
  hold: GenerationHold | null;
  /** Seconds without output after which the next candidate is asked in addition; absent: never. */
  hedgeAfterSeconds?: number;
}

/** The parts of an answer that callers see, in order. */
export type GenerationEvent =
  | { type: 'started'; generationId: string; provider: AiProviderName; model: string }
  | Exclude<ChatEvent, { type: 'started' | 'ended' }>
  | { type: 'ended'; stopReason: StopReason; usage: TokenUsage | null }
  | { type: 'failed'; failure: GenerationFailure | 'cancelled'; detail: string | null };

/** How a generation ended, as its live object stores it until it is in the database. */
export interface GenerationOutcome {
  status: Exclude<GenerationStatus, 'running'>;
  failure: GenerationFailure | null;
  /** The provider's words, for a refused request. */
  detail: string | null;
  /** Milliseconds after which a busy provider accepts requests again. */
  retryAfterMs: number | null;
  stopReason: StopReason | null;
  provider: AiProviderName;
  model: string;
  /** Whether the provider was asked with a key of the organization, which it then charges. */
  ownKey: boolean;
  usageState: UsageState;
  usage: TokenUsage;
  firstOutputMs: number | null;
  durationMs: number;
  endedAtMs: number;
  attempts: readonly Attempt[];
  /** Absent when one model at a time was asked. */
  hedge?: HedgeUse;
}

/** A whole answer; `outcome` is null while it is being given. */
export interface GenerationAnswer {
  output: readonly ChatPart[];
  outcome: GenerationOutcome | null;
}

/** Its events from the first; or how it ended, if that was before its model began to answer. */
export type BegunGeneration =
  | { events: ReadableStream<Uint8Array>; outcome?: undefined }
  | { events?: undefined; outcome: GenerationOutcome };

/** Why a caller or the product ends a generation. */
export type CancelReason = 'cancelled' | 'out_of_budget';

/**
 * The live objects of generations. A generation continues when its caller has left. It begins to ask at once, but
 * nothing leaves it, and it cannot be followed, before its row is stored. When the row is not stored, it ends.
 */
export interface LiveGenerations {
  /**
   * Starts it, and waits until its model begins to answer or it has failed, up to a time limit.
   * @param storeRow called when the object was asked to start, because a commit takes time to be written
   * @throws what `storeRow` throws
   */
  follow(plan: GenerationPlan, storeRow: () => Promise<unknown>, waitMs: number): Promise<BegunGeneration>;
  /** Starts it, and waits until it has ended, up to a time limit. @throws what `storeRow` throws */
  complete(plan: GenerationPlan, storeRow: () => Promise<unknown>, waitMs: number): Promise<GenerationAnswer>;
  /** Events after one, as they come; null when they are no longer kept. */
  events(ref: GenerationRef, after: number): Promise<ReadableStream<Uint8Array> | null>;
  /** The answer so far; null when it is no longer kept. */
  answer(ref: GenerationRef): Promise<GenerationAnswer | null>;
  /** Ends it. @returns whether it was running */
  cancel(ref: GenerationRef, reason: CancelReason): Promise<boolean>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    liveGenerations: LiveGenerations;
  }
}
