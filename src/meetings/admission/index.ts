export { admissionErrors } from './admission.errors.ts';
export { admissionSubscribers } from './admission.jobs.ts';
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
export { admitApplicant, type AdmissionRequest } from './admit.ts';
export { mediaGrantsOf } from './grants.rules.ts';
export { admissionStateOf, disabledFeaturesOf } from './join-room.ts';
export { openCallOf } from './seat-request.ts';
