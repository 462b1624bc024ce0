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
import { INGRESS_KINDS, INGRESS_REASONS, INGRESS_STATES } from './ingresses.enums.ts';

export const ingresses = pgTable(
  'ingresses',
  {
    /** Also the identity of the participant that it makes. */
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    kind: enumColumn('kind', INGRESS_KINDS).notNull(),
    name: text('name').notNull(),
    enabled: boolean('enabled').notNull(),
    /** The address that media are read from, without its query; null when media are sent. */
    sourceUrl: text('source_url'),
    /** The whole of that address, encrypted, bound to the row. */
    sealedSource: text('sealed_source'),
    /** The LiveKit cluster that has it; for a URL, the cluster of the call. */
    cluster: text('cluster').notNull(),
    /** Its id at that cluster; null while the cluster has none, or is not known to. */
    clusterIngress: text('cluster_ingress'),
    /** When the cluster was last asked to create it; null once its answer is known. */
    begunAt: utcTimestamp('begun_at'),
    /** The call that it may publish into; for a URL, the last one that it was read into. */
    callId: id('call_id').references(() => calls.id, { onDelete: 'set null' }),
    state: enumColumn('state', INGRESS_STATES).notNull(),
    reason: enumColumn('reason', INGRESS_REASONS),
    /** When it came into its state. */
    stateAt: utcTimestamp('state_at').notNull(),
    /** Beginning of the present session, or of the last one. */
    startedAt: utcTimestamp('started_at'),
    endedAt: utcTimestamp('ended_at'),
    /** Identity of the person who created it. */
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('ingresses_organization_id_idx').on(t.organizationId, t.id),
    index('ingresses_room_id_idx').on(t.roomId, t.id),
    index('ingresses_call_id_idx').on(t.callId),
    enumCheck('ingresses_kind_check', t.kind, INGRESS_KINDS),
    enumCheck('ingresses_state_check', t.state, INGRESS_STATES),
    enumCheck('ingresses_reason_check', t.reason, INGRESS_REASONS),
  ],
);

export type Ingress = typeof ingresses.$inferSelect;
