export { actAtCluster, forEach } from './act.ts';
export { enforceGrants } from './change-role.ts';
export { moderationErrors } from './moderation.errors.ts';
export { moderationVerbs, placeOf } from './moderation.frames.ts';
export { moderationJobs } from './moderation.jobs.ts';
export { listTargets } from './moderation.queries.ts';
export {
  identityAt,
  type Place,
  requireCallOf,
  requireModerator,
  requireTarget,
  requireWelcome,
  shownBy,
  type Standing,
  standingOf,
  type Target,
} from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
export { moderationRoutes } from './moderation.routes.ts';
export { enforceRemoval } from './remove-participant.ts';
