/** The vocabularies of the ledger: plain, for tables, schemas and rules alike. */

/** waiting: nobody has connected yet. failed: nobody ever did. */
export const CALL_STATUSES = ['waiting', 'active', 'ended', 'failed'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/**
 * waiting: has a seat and has not connected. disconnected: the connection broke and may come back. left: gone for good,
 * until they join again.
 */
export const PARTICIPANT_STATUSES = ['waiting', 'connected', 'disconnected', 'left'] as const;
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number];

export const PARTICIPANT_KINDS = ['user', 'guest', 'service', 'agent'] as const;
export type ParticipantKind = (typeof PARTICIPANT_KINDS)[number];

export const TRACK_KINDS = ['audio', 'video', 'data'] as const;
export const TRACK_SOURCES = [
  'camera',
  'microphone',
  'screen_share',
  'screen_share_audio',
  'unknown',
] as const;

/** How a fact is known: the cluster told; a sweep found it in the cluster's lists; concluded from other facts. */
export const FACT_SOURCES = ['event', 'sweep', 'inferred'] as const;
export type FactSource = (typeof FACT_SOURCES)[number];

/** A moment in the ledger, with how it is known. Times are milliseconds since the epoch. */
export interface Fact {
  atMs: number;
  how: FactSource;
  knownAtMs: number;
  /** The moment lies within so many seconds before `atMs`; 0 when exact. */
  uncertaintySeconds: number;
}

/** Roles that no capacity counts. */
export const SEATLESS_ROLES = ['observer', 'agent'] as const;
