import { defineModule } from '../../kernel/modules/index.ts';
import { auditRoutes } from './audit-trail.routes.ts';
import { auditTrailSubscriptions } from './audit-trail.subscriptions.ts';
import { auditExport } from './export-audit-logs.ts';

export const auditTrailModule = defineModule({
  name: 'platform/audit-trail',
  events: [auditExport.event],
  subscriptions: auditTrailSubscriptions,
  routes: auditRoutes,
});
