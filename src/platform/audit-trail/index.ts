export { auditRoutes } from './audit-trail.routes.ts';
