import type { Subscription } from '../../kernel/events/index.ts';
import { auditExport } from './export-audit-logs.ts';

export const auditSubscriptions: readonly Subscription[] = [auditExport.subscription];
