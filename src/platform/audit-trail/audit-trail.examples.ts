import type { AuditStatsView } from './audit-trail.schemas.ts';
import type { AuditVerificationView } from './verification.schemas.ts';

export const statsExample: AuditStatsView = {
  period: 'daily',
  from: '2026-01-05T00:00:00.000Z',
  to: '2026-01-05T09:30:00.000Z',
  total: 3,
  bySeverity: { info: 2, warning: 1, error: 0, critical: 0 },
  byAction: [
    { action: 'organization.updated', count: 2 },
    { action: 'audit.exported', count: 1 },
  ],
  byActor: [{ actorKind: 'user', actorId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe', count: 3 }],
  byTarget: [
    { targetType: 'organization', count: 2 },
    { targetType: 'operation', count: 1 },
  ],
  buckets: [{ startsAt: '2026-01-05T00:00:00.000Z', count: 3 }],
  recentCritical: [],
};

export const verifyExample: AuditVerificationView = {
  valid: true,
  complete: true,
  fromSeq: 1,
  toSeq: 3,
  sealedCount: 3,
  unsealedCount: 0,
  headHash: '9b0d…',
  checkpoint: {
    seq: 3,
    headHash: '9b0d…',
    keyId: 'k1',
    statement: 'eyJhbGciOiJFZERTQSJ9…',
    createdAt: '2026-01-05T09:31:00.000Z',
  },
  problems: [],
};
