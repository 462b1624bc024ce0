export { callHistoryRoutes } from './history.routes.ts';
export type { ParticipantView } from './history.schemas.ts';
