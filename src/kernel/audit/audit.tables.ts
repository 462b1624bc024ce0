import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp, enumColumn, enumCheck } from '../db/index.ts';

export const ACTOR_KINDS = ['user', 'apiKey', 'guest', 'operator', 'system', 'anonymous'] as const;
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;

/** The fields of an entry that may name a person; stored beside the chain, which holds only commitments to them. */
export const PERSONAL_FIELDS = ['ip', 'userAgent', 'before', 'after'] as const;
export type PersonalField = (typeof PERSONAL_FIELDS)[number];
export type PersonalTexts = Partial<Record<PersonalField, string>>;

export const auditLogs = pgTable(
  'audit_logs',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id').notNull(),
    actorKind: enumColumn('actor_kind', ACTOR_KINDS).notNull(),
    actorId: text('actor_id'),
    action: text('action').notNull(),
    severity: enumColumn('severity', SEVERITIES).notNull().default('info'),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    ip: text('ip'),
    userAgent: text('user_agent'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
    /** Salt of each personal field's commitment, base64url; erased together with the field. */
    salts: jsonb('salts').$type<PersonalTexts>().notNull(),
    /** SHA-256 of salt and canonical value, hex; never erased. */
    commitments: jsonb('commitments').$type<PersonalTexts>().notNull(),
    requestId: text('request_id').notNull(),
    createdAt: createdAt(),
    /** Number in the organization's chain, from 1; null until sealed. */
    seq: bigint('seq', { mode: 'number' }),
    previousHash: text('previous_hash'),
    hash: text('hash'),
    erasedAt: utcTimestamp('erased_at'),
  },
  (t) => [
    index('audit_logs_organization_id_idx').on(t.organizationId, t.id),
    index('audit_logs_action_idx').on(t.organizationId, t.action, t.id),
    index('audit_logs_actor_idx').on(t.organizationId, t.actorId, t.id),
    index('audit_logs_target_idx').on(t.organizationId, t.targetType, t.targetId, t.id),
    uniqueIndex('audit_logs_seq_key').on(t.organizationId, t.seq),
    index('audit_logs_unsealed_idx')
      .on(t.organizationId, t.id)
      .where(sql`${t.seq} is null`),
    enumCheck('audit_logs_actor_kind_check', t.actorKind, ACTOR_KINDS),
    enumCheck('audit_logs_severity_check', t.severity, SEVERITIES),
  ],
);
