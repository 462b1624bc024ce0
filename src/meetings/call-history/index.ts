export { callErrors } from './history.errors.ts';
export { callHistoryRoutes } from './history.routes.ts';
export { callIdSchema, callParamsSchema } from './history.schemas.ts';
