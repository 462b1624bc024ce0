export { connectionsWithChangedTime, type LedgerChange, listLedgerChanges, isOver } from './changes.rules.ts';
export { evidenceOfEvent, type ParsedClusterEvent } from './event-evidence.rules.ts';
export {
  type CallEvidence,
  type ConnectionEvidence,
  type EndMark,
  type Evidence,
  mergeEvidence,
  NO_CALL_EVIDENCE,
  NO_EVIDENCE,
  type TrackEvidence,
} from './evidence.rules.ts';
export {
  CALL_STATUSES,
  type CallStatus,
  END_REASONS,
  type EndReason,
  type Fact,
  FACT_SOURCES,
  LEAVE_REASONS,
  type LeaveReason,
  PARTICIPANT_STATUSES,
  TRACK_KINDS,
  TRACK_SOURCES,
} from './ledger.enums.ts';
export {
  boundEvidenceByLists,
  evidenceOfLists,
  evidenceOfSilence,
  type ListAnswer,
  type ClusterLists,
} from './list-evidence.rules.ts';
export { dropOddListTimes, dropOddTimes, type Plausible } from './plausible-times.rules.ts';
export {
  connectedMs,
  countPeakParticipants,
  deriveParticipants,
  type ParticipantState,
} from './participants.rules.ts';
export {
  type ConnectionState,
  type LedgerState,
  type TrackState,
  deriveLedgerState,
} from './ledger-state.rules.ts';
