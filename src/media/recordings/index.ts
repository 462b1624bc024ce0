export { advanceRecording, changeEventOf } from './advance-recording.ts';
export { findRecording, type FoundRecording, getRecording } from './manage-recordings.ts';
export type { RecordingReason, RecordingState } from './recordings.enums.ts';
export { recordingErrors } from './recordings.errors.ts';
export { recordingChanged, recordingConsentDue } from './recordings.events.ts';
export { presentRecording } from './recordings.present.ts';
export { changeRecording, insertRecording, selectRecordingById } from './recordings.queries.ts';
export {
  errorsOfOne,
  errorsOfRoom,
  permittedTo,
  recordingAccess,
  recordingSuccess,
} from './recordings.routes.ts';
export {
  CLUSTER_STATES,
  CONSENT_MS,
  GONE_STATES,
  isGone,
  isOver,
  isRunning,
  isStored,
  moveTo,
  RUNNING_STATES,
} from './recordings.rules.ts';
export { recordingKindSchema, recordingParamsSchema } from './recordings.schemas.ts';
export type { Recording } from './recordings.tables.ts';
export { recordingIdsIn } from './report.rules.ts';
export { holdStorageLeft } from './storage-left.queries.ts';
