export { actAtCluster, mapSettled } from './act.ts';
export { enforceGrants } from './change-role.ts';
export { moderationErrors } from './moderation.errors.ts';
export { moderationFrames, accessRequestOf } from './moderation.frames.ts';
export { moderationSubscribers } from './moderation.jobs.ts';
export { selectTargets } from './moderation.queries.ts';
export {
  requesterIdentity,
  type RoomAccessRequest,
  requireCallOfTarget,
  requireModerator,
  requireTarget,
  requireAdmitted,
  publicIdentity,
  type RoomAccess,
  roomAccessOf,
  type ModerationTarget,
} from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
export { moderationRoutes } from './moderation.routes.ts';
export { enforceRemoval } from './remove-participant.ts';
