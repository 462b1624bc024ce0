import type { Subscription } from '../../kernel/delivery/index.ts';
import { auditExport } from './export-audit-logs.ts';

export const auditTrailSubscriptions: readonly Subscription[] = [auditExport.subscription];
