import type { AuditLog } from './audit-trail.queries.ts';
import type { AuditLogView } from './audit-trail.schemas.ts';

/** Presents an entry for the API and the JSON lines export. Salts and commitments appear only in signed bundles. */
export function presentAuditLog({
  createdAt,
  erasedAt,
  seq,
  previousHash,
  hash,
  ...entry
}: AuditLog): AuditLogView {
  const { id, actorKind, actorId, action, severity, targetType, targetId, before, after, ip } = entry;
  const { userAgent, requestId } = entry;
  return {
    id,
    actorKind,
    actorId,
    action,
    severity,
    targetType,
    targetId,
    before,
    after,
    ip,
    userAgent,
    requestId,
    createdAt: createdAt.toISOString(),
    erasedAt: erasedAt?.toISOString() ?? null,
    seal:
      seq === null
        ? null
        : {
            seq,
            previousHash: previousHash ?? '',
            hash: hash ?? '',
          },
  };
}
