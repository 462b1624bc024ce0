export { doorErrors } from './admission.errors.ts';
export { admissionJobs } from './admission.jobs.ts';
export { admissionRoutes } from './admission.routes.ts';
export { type Applicant, type Door, expected, featuresFor } from './admission.rules.ts';
export {
  admissionExample,
  admissionSchema,
  type AdmissionView,
  waitingExample,
  waitingSchema,
  type WaitingView,
} from './admission.schemas.ts';
export { findDoor } from './admission.queries.ts';
export { admit, type AdmissionRequest } from './admit.ts';
export { grantsOf } from './grants.rules.ts';
export { doorOf, withoutOf } from './join-room.ts';
export { openCallOf } from './seat-request.ts';
