export { auditSubscriptions } from './trail.jobs.ts';
export { auditRoutes } from './trail.routes.ts';
