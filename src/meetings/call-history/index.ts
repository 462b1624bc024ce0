export { callHistoryRoutes } from './history.routes.ts';
