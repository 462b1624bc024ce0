export type { RecordingReason } from './recordings.enums.ts';
export { recordingChanged } from './recordings.events.ts';
export { selectPeopleConcerned, selectRecordingOfRoom } from './recordings.queries.ts';
export { isRunning } from './recordings.rules.ts';
export type { Recording } from './recordings.tables.ts';
