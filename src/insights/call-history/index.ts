export { callHistoryRoutes } from './call-history.routes.ts';
export type { CallParticipantView } from './call-history.schemas.ts';
