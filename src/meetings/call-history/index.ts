export { callErrors } from './history.errors.ts';
export { callHistoryRoutes } from './history.routes.ts';
export { callIdSchema, callParamsSchema, type ParticipantView } from './history.schemas.ts';
