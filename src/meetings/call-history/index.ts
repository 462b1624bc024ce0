export { callHistoryRoutes } from './history.routes.ts';
export type { CallParticipantView } from './history.schemas.ts';
