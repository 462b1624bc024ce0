export { documentationRoutes } from './docs.routes.ts';
