import type { Micros } from '../../kernel/money/index.ts';
import type { BeyondIncluded, PlanName } from '../../identity/entitlements/index.ts';
import type { QualityRow } from '../ai-quality/index.ts';
import type { InsightKind } from './cost-insights.enums.ts';

/** Figures on which an insight is based, by name; lists are ids. */
export type CostEvidence = Record<string, number | string | string[]>;

export interface CostFinding {
  kind: InsightKind;
  /** Saving in a month; null when there is no price. */
  saving: Micros | null;
  evidence: CostEvidence;
}

/** Figures of an organization. Times are in milliseconds. */
export interface Measurements {
  plan: PlanName;
  /** Whether its plan refuses or charges usage beyond the included amounts. */
  beyondIncluded: BeyondIncluded;
  /** Members beyond those of the plan that its subscription pays for. */
  seats: number;
  /** Its numbers of things that plans limit. */
  use: Readonly<Record<string, number>>;
  /** Connected time in the last full calendar month, UTC, and the part of it that the plan and credits include. */
  month: { usedMs: bigint; includedMs: bigint };
  /** Rooms that had no call for long, and the first of their ids. */
  unusedRooms: { count: number; ids: string[] };
  /** Calls of the last 30 days in which one person was alone for long, and a lower bound of their total time. */
  alone: { calls: number; ms: number };
  /** Recordings and streams of the last 30 days that ran while the call was empty, and their total time. */
  emptyEgress: { count: number; ms: number };
  /** Recordings in the storage of the product that no one opened for long, their size, and the first of their ids. */
  unusedRecordings: { count: number; bytes: number; ids: string[] };
  /** Calls and connected time of the last 30 days, and of the 30 days before. */
  current: { calls: number; connectedMs: number };
  previous: { calls: number; connectedMs: number };
  /**
   * Transcriptions of the last 30 days that repeat an earlier one by the same model in the same language, the duration
   * of their audio, and the first of their ids.
   */
  duplicates: { count: number; ms: number; ids: string[] };
  /**
   * Charges beyond the plan in the last full calendar month, UTC, and in the one before: for minutes of transcription,
   * and for all AI.
   */
  ai: { transcribedMinutes: number; current: Micros; previous: Micros };
  /** Results of models in the last 30 days, by feature. */
  answers: readonly QualityRow[];
  /**
   * Connected time and the charge for it beyond the plan, in the last full calendar month, UTC, and in the one before.
   */
  charged: { startsAt: Date; current: ChargedTime; previous: ChargedTime };
  /** The subscription that is paid for; undefined without one. */
  subscription: { plan: PlanName; isMonthly: boolean; ends: boolean; startsAt: Date } | undefined;
  measuredAt: Date;
}

export interface ChargedTime {
  ms: bigint;
  amount: Micros;
}

export const minutes = (ms: number | bigint): number => Math.floor(Number(ms) / 60_000);
export const beyond = (used: bigint, included: bigint) => (used > included ? used - included : 0n);
