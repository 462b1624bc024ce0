export { actAtCluster, forEach } from './act.ts';
export { changeRole, enforceGrants } from './change-role.ts';
export { lowerHands, sendData, setSpotlight } from './live-verbs.ts';
export { moderationErrors } from './moderation.errors.ts';
export { moderationVerbs, placeOf } from './moderation.frames.ts';
export { moderationJobs } from './moderation.jobs.ts';
export { findStanding, findTarget, listTargets } from './moderation.queries.ts';
export {
  identityAt,
  type Place,
  requireCallOf,
  requireModerator,
  requireTarget,
  shownBy,
  type Standing,
  standingOf,
  type Target,
} from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
export { muteAll, muteParticipant } from './mute.ts';
export { moderationRoutes } from './moderation.routes.ts';
export { readmitParticipant, readTarget, removeParticipant } from './remove-participant.ts';
