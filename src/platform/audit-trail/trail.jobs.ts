import type { Job } from '../outbox/index.ts';
import { auditExport } from './export-trail.ts';

export const auditJobs: readonly Job[] = [auditExport.job];
