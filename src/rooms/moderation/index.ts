export { moderationErrors } from './moderation.errors.ts';
export * from './moderation.events.ts';
export { selectTarget, selectTargets } from './moderation.queries.ts';
export {
  mayModerate,
  type ModerationTarget,
  requireCallOfTarget,
  requireOpenCall,
  requireTarget,
} from './moderation.rules.ts';
export { participantParamsSchema } from './moderation.schemas.ts';
