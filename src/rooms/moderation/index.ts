export { moderationErrors } from './moderation.errors.ts';
export * from './moderation.events.ts';
export { selectTargets } from './moderation.queries.ts';
export { type ModerationTarget, requireCallOfTarget, requireTarget } from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
