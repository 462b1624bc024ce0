export { admissionErrors } from './admission.errors.ts';
export { admissionSubscriptions } from './admission.events.ts';
export { admissionRoutes } from './admission.routes.ts';
export { type Applicant, type AdmissionState, activeLobbyEntry, allowedFeatures } from './admission.rules.ts';
export {
  admissionExample,
  admissionSchema,
  type AdmissionView,
  waitingExample,
  waitingSchema,
  type WaitingView,
} from './admission.schemas.ts';
export { selectAdmissionState } from './admission.queries.ts';
export { admitApplicant, type AdmissionRequest } from './admit-applicant.ts';
export { mediaGrantsOf } from './media-grants.rules.ts';
export { admissionStateOf, disabledFeaturesOf } from './join-room.ts';
export { openCallOf } from './prepare-seat.ts';
