import type { AlertView } from './compression-alerts.schemas.ts';
import type { CompressionAlert } from './compression-alerts.tables.ts';

export const presentAlert = (row: CompressionAlert): AlertView => ({
  id: row.id,
  kind: row.kind,
  severity: row.severity,
  encoding: row.callId !== null || row.subject === '' ? null : row.subject,
  callId: row.callId,
  ...row.evidence,
  resolved: row.resolvedAt !== null,
  resolution: row.resolution,
  resolvedBy: row.resolvedBy,
  notes: row.notes,
  createdAt: row.createdAt.toISOString(),
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
});
