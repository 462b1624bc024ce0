export { admissionErrors } from './admission.errors.ts';
export { activeLobbyEntry, type AdmissionState, type Applicant } from './admission.rules.ts';
export {
  admissionExample,
  admissionSchema,
  type AdmissionView,
  recordingConsentField,
  waitingExample,
  waitingSchema,
  type WaitingView,
} from './admission.schemas.ts';
export { selectAdmissionState } from './admission.queries.ts';
export { admitApplicant, type AdmissionRequest } from './admit-applicant.ts';
export { enforceAdmissionToCall } from './enforce-admission.ts';
export { admissionStateOf } from './join-room.ts';
export { openCallOf } from './prepare-seat.ts';
