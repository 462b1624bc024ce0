import type { Micros } from '../../kernel/money/index.ts';
import type { BeyondIncluded, PlanName } from '../../identity/entitlements/index.ts';
import type { QualityRow } from '../ai-quality/index.ts';
import type { InsightKind } from './cost-insights.enums.ts';

/** Figures that an insight rests on, by name; lists are ids. */
export type Evidence = Record<string, number | string | string[]>;

export interface Finding {
  kind: InsightKind;
  /** Of a month; null when there is no price. */
  saving: Micros | null;
  evidence: Evidence;
}

/** What is known of an organization. Times are in milliseconds. */
export interface Measurements {
  plan: PlanName;
  /** Whether its plan refuses or charges more than what is included. */
  beyondIncluded: BeyondIncluded;
  /** Members beyond those of the plan that its subscription pays for. */
  seats: number;
  /** How much it has of what plans limit. */
  use: Readonly<Record<string, number>>;
  /** Connected time in the last full calendar month, UTC, and how much of it the plan and credits include. */
  month: { usedMs: bigint; includedMs: bigint };
  /** Rooms that had no call for long, and the first of their ids. */
  unusedRooms: { count: number; ids: string[] };
  /** Calls of the last 30 days in which one person was alone for long, and for how long together at least. */
  alone: { calls: number; ms: number };
  /** Recordings and streams of the last 30 days that ran while nobody was in the call, and for how long together. */
  emptyEgress: { count: number; ms: number };
  /** Recordings in the storage of the product that nobody opened for long, what they take of it, and the first of their ids. */
  unusedRecordings: { count: number; bytes: number; ids: string[] };
  /** Calls and connected time of the last 30 days, and of the 30 days before. */
  current: { calls: number; connectedMs: number };
  previous: { calls: number; connectedMs: number };
  /** Transcriptions of the last 30 days of what was written down before by the same model in the same language, their sound, and the first of their ids. */
  duplicates: { count: number; ms: number; ids: string[] };
  /** What was charged beyond the plan in the last full calendar month, UTC, and in the one before: minutes of transcription, and all AI. */
  ai: { transcribedMinutes: number; current: Micros; previous: Micros };
  /** How models answered in the last 30 days, by feature. */
  answers: readonly QualityRow[];
  /** Connected time and what of it was charged beyond the plan, in the last full calendar month, UTC, and in the one before. */
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
