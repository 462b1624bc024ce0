import {
  actorId,
  type Actor,
  base64Url,
  canonicalJson,
  type Ids,
  isSecretField,
  REDACTED,
  sha256Hex,
} from '../core/index.ts';
import type { Queries } from '../db/index.ts';
import { insertAuditLogs } from './audit.queries.ts';
import { type auditLogs, PERSONAL_FIELDS, type PersonalTexts, type SEVERITIES } from './audit.tables.ts';

/** A verb's record of its change; actor, time and origin come from its context. */
export interface AuditEntry {
  /** `resource.verb_in_past_tense`: `organization.created`. */
  action: string;
  target: { type: string; id: string };
  severity?: (typeof SEVERITIES)[number];
  /** Only the changed fields, never a secret; fields named like one are redacted in any case. */
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
}

export interface AuditSource {
  actor: Actor;
  organizationId: string;
  requestId: string;
  ip: string | null;
  userAgent: string | null;
  nowMs: number;
  ids: Ids;
}

type AuditRow = typeof auditLogs.$inferInsert;

const SALT_BYTES = 16;

/** Replaces the values of all fields that are named like secrets. */
export function redactSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactSecrets);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, nested]) => [
      name,
      isSecretField(name, nested) ? REDACTED : redactSecrets(nested),
    ]),
  );
}

/** SHA-256 over salt and canonical value; the chain holds it in place of a personal field. */
export function commitmentOf(salt: string, value: unknown): Promise<string> {
  return sha256Hex(`${salt}.${canonicalJson(value)}`);
}

async function toRow(entry: AuditEntry, source: AuditSource): Promise<AuditRow> {
  const toPlainRecord = (value: unknown) =>
    value === undefined
      ? null
      : (JSON.parse(JSON.stringify(redactSecrets(value))) as Record<string, unknown>);
  const personalValues = {
    ip: source.ip,
    userAgent: source.userAgent,
    before: toPlainRecord(entry.before),
    after: toPlainRecord(entry.after),
  };
  const salts: PersonalTexts = {};
  const commitments: PersonalTexts = {};
  for (const field of PERSONAL_FIELDS) {
    if (personalValues[field] === null) continue;
    const salt = base64Url(source.ids.random(SALT_BYTES));
    salts[field] = salt;
    commitments[field] = await commitmentOf(salt, personalValues[field]);
  }
  return {
    id: source.ids.create('auditLog'),
    organizationId: source.organizationId,
    actorKind: source.actor.kind,
    actorId: actorId(source.actor),
    action: entry.action,
    severity: entry.severity ?? 'info',
    targetType: entry.target.type,
    targetId: entry.target.id,
    ...personalValues,
    salts,
    commitments,
    requestId: source.requestId,
    createdAt: new Date(source.nowMs),
  };
}

/** Builds the statement that writes the entries in the commit of their change. */
export async function auditStatement(
  entries: readonly AuditEntry[],
  source: AuditSource,
): Promise<(q: Queries) => ReturnType<typeof insertAuditLogs>> {
  const rows = await Promise.all(entries.map((entry) => toRow(entry, source)));
  return (q) => insertAuditLogs(q, rows);
}
