export { doorErrors } from './admission.errors.ts';
export { lobbyVerbs } from './admission.frames.ts';
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
export { findDoor, findStanding } from './admission.queries.ts';
export { admit, type AdmissionRequest } from './admit.ts';
export { grantsOf } from './grants.rules.ts';
export { doorOf, withoutOf } from './join-room.ts';
export { openCallOf } from './seat-request.ts';
export { sweepLobby } from './sweep-lobby.ts';
