import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { DIAL_IN_REASONS, DIAL_IN_STATES } from './dial-ins.enums.ts';

/** Rooms that telephones can call into. */
export const dialIns = pgTable(
  'dial_ins',
  {
    /** The id of its room. */
    id: id('room_id')
      .primaryKey()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    enabled: boolean('enabled').notNull(),
    /** Encrypted, bound to this row. */
    sealedPin: text('sealed_pin').notNull(),
    /** The LiveKit cluster that has a rule for it; null for none. */
    cluster: text('cluster'),
    /** The rule's id at that cluster; null while the cluster has none, or is not known to. */
    clusterRule: text('cluster_rule'),
    /** The trunks of that cluster that the rule is for, and the call that it lets callers into. */
    clusterTrunks: text('cluster_trunks').array().notNull(),
    callId: id('call_id').references(() => calls.id, { onDelete: 'set null' }),
    /** Whether the rule has the present PIN. */
    isSent: boolean('is_sent').notNull(),
    /** When the cluster was last asked for a rule; null once its answer is known. */
    begunAt: utcTimestamp('begun_at'),
    state: enumColumn('state', DIAL_IN_STATES).notNull(),
    reason: enumColumn('reason', DIAL_IN_REASONS),
    /** When it came into its state. */
    stateAt: utcTimestamp('state_at').notNull(),
    /** Identity of the person who switched it on. */
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('dial_ins_organization_id_idx').on(t.organizationId),
    index('dial_ins_call_id_idx').on(t.callId),
    index('dial_ins_at_cluster_idx')
      .on(t.cluster)
      .where(sql`${t.cluster} is not null`),
    enumCheck('dial_ins_state_check', t.state, DIAL_IN_STATES),
    enumCheck('dial_ins_reason_check', t.reason, DIAL_IN_REASONS),
  ],
);

export type DialIn = typeof dialIns.$inferSelect;
