export { actAtCluster, mapSettled } from './act-at-cluster.ts';
export { enforceGrants } from './change-role.ts';
export { moderationErrors } from './moderation.errors.ts';
export { moderationSubscriptions } from './moderation.events.ts';
export { accessRequestOf, moderationFrames } from './moderation.frames.ts';
export { selectTargets } from './moderation.queries.ts';
export { moderationRoutes } from './moderation.routes.ts';
export {
  type ModerationTarget,
  type RoomAccess,
  type RoomAccessRequest,
  publicIdentity,
  requesterIdentity,
  requireAdmitted,
  requireCallOfTarget,
  requireModerator,
  requireTarget,
  roomAccessOf,
} from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
export { enforceRemoval } from './remove-participant.ts';
export { rosterRoutes } from './roster.routes.ts';
