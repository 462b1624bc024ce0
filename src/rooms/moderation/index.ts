export { moderationErrors } from './moderation.errors.ts';
export * from './moderation.events.ts';
export { selectTarget, selectTargetOf, selectTargets } from './moderation.queries.ts';
export {
  mayModerate,
  type ModerationTarget,
  requireAuthorityOver,
  requireCallOfTarget,
  requireOpenCall,
  requireTarget,
} from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
export { removalChange } from './remove-participant.ts';
