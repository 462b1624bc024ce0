import type { Subscription } from '../outbox/index.ts';
import { auditExport } from './export-trail.ts';

export const auditSubscriptions: readonly Subscription[] = [auditExport.subscription];
