export { consentRecords } from './answer-consent.ts';
export { recordingConsentChanged } from './recording-consents.events.ts';
export {
  announceRecording,
  consentColumns,
  deleteAnnouncement,
  insertConsent,
  lacksRecordingConsent,
  markAnnouncementAgreed,
  recordingColumns,
} from './recording-consents.queries.ts';
export { buildConsent } from './recording-consents.rules.ts';
