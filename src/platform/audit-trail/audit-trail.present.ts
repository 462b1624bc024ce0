import type { AuditLog } from './audit-trail.queries.ts';
import type { AuditLogView } from './audit-trail.schemas.ts';

/** An entry as the API and the JSONL export show it. Salts and commitments stay inside, but for the signed bundle. */
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
