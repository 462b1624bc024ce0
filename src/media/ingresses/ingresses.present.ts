import type { IngressView } from './ingresses.schemas.ts';
import type { Ingress } from './ingresses.tables.ts';

/** An ingress as the API shows it: without its key, and without the query of its URL. */
export const presentIngress = (row: Ingress): IngressView => ({
  id: row.id,
  roomId: row.roomId,
  kind: row.kind,
  name: row.name,
  enabled: row.enabled,
  sourceUrl: row.sourceUrl,
  callId: row.callId,
  state: row.state,
  reason: row.reason,
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
