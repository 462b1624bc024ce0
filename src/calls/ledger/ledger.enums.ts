export { TRACK_KINDS, TRACK_SOURCES, type TrackKind, type TrackSource } from '../clusters/index.ts';

/**
 * How a fact is known. event: the cluster reported it, or this product did it. sweep: a sweep found it in the cluster's
 * lists. inferred: concluded from other facts.
 */
export const FACT_SOURCES = ['event', 'sweep', 'inferred'] as const;
export type FactSource = (typeof FACT_SOURCES)[number];

/**
 * A moment in the ledger, and how it is known. Times are milliseconds since the epoch; the time of an event is the
 * cluster's, in whole seconds.
 */
export interface Fact {
  atMs: number;
  how: FactSource;
  knownAtMs: number;
  /**
   * The moment lies at most this many seconds before `atMs`, or within the second of `atMs` when a cluster rounded it down
   * (then it is 1); 0 when exact.
   */
  uncertaintySeconds: number;
}

/** waiting: nobody has connected yet. failed: nobody ever did. */
export const CALL_STATUSES = ['waiting', 'active', 'ended', 'failed'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/**
 * closed: ended by a host, or at the cluster. empty: everybody had left. out_of_time: the call reached its time limit. lost:
 * the cluster no longer has it. nobody_came: no seat was ever used. alone: one person was left in it for too long.
 * out_of_minutes: the plan of its organization has no participant minutes left. out_of_budget: the spending limit of its
 * organization is reached.
 */
export const END_REASONS = [
  'closed',
  'empty',
  'out_of_time',
  'lost',
  'nobody_came',
  'alone',
  'out_of_minutes',
  'out_of_budget',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/**
 * waiting: has a seat and has not connected. disconnected: the connection broke and may come back. left: gone, until they
 * join again.
 */
export const PARTICIPANT_STATUSES = ['waiting', 'connected', 'disconnected', 'left'] as const;
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number];

/**
 * Why a connection ended. replaced: the same identity connected again, here or on another device. Of a telephone that was called:
 * unanswered; declined, or busy; line_failed.
 */
export const LEAVE_REASONS = [
  'left',
  'replaced',
  'removed',
  'call_ended',
  'connection_lost',
  'join_failed',
  'server_stopped',
  'moved',
  'unanswered',
  'declined',
  'line_failed',
] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];
