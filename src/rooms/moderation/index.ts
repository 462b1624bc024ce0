export { enforceGrants } from './enforce-grants.ts';
export { moderationErrors } from './moderation.errors.ts';
export * from './moderation.events.ts';
export { moderationFrames } from './moderation.frames.ts';
export { selectTargets } from './moderation.queries.ts';
export { moderationRoutes } from './moderation.routes.ts';
export { type ModerationTarget, requireCallOfTarget, requireTarget } from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
export { enforceRemoval } from './remove-participant.ts';
