export { auditSubscriptions } from './audit-trail.events.ts';
export { auditRoutes } from './audit-trail.routes.ts';
