export { type Happening, happenings, isOver } from './changes.rules.ts';
export { evidenceOfEvent, type ToldEvent } from './events.rules.ts';
export {
  type CallEvidence,
  type ConnectionEvidence,
  type End,
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
} from './ledger.words.ts';
export { boundByLists, evidenceOfLists, evidenceOfSilence, type Listed, type Lists } from './lists.rules.ts';
export { connectedMs, peakOf, peopleOf, type PersonView } from './people.rules.ts';
export { type ConnectionView, type LedgerView, type TrackView, viewOf } from './view.rules.ts';
