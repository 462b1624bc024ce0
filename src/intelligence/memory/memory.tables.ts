import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { members } from '../../identity/members/members.tables.ts';
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
import { agents } from '../agents/agents.tables.ts';
import { MEMORY_SCOPES } from '../memory-scopes/index.ts';
import { MEMORY_SOURCES } from './memory.enums.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/**
 * The owner of a row as one text, see `memory-scopes`. The tenant policy hides rows of other people, and of agents
 * that the reader may not see.
 */
const space = () => text('space').notNull();

const memoryId = () =>
  id('memory_id')
    .notNull()
    .references(() => memories.id, { onDelete: 'cascade' });

/** What is known, as a text with its sources. */
export const memories = pgTable(
  'memories',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    scope: enumColumn('scope', MEMORY_SCOPES).notNull(),
    space: space(),
    /** The person, for the scope `person` only. It is deleted with their membership. */
    userId: id('user_id'),
    /** The agent, for the scope `agent` only. It is deleted with the agent. */
    agentId: id('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    /** The room, for the scope `room` only. */
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'cascade' }),
    content: text('content').notNull(),
    /** Keyed hash of the text: a space has a text only once. */
    contentHash: text('content_hash').notNull(),
    /** The user or API key that stored it first. */
    author: text('author').notNull(),
    /** The memory that says the same and is found instead. When that one is deleted, this one is found again. */
    mergedInto: id('merged_into').references((): AnyPgColumn => memories.id, { onDelete: 'set null' }),
    /** Its merge was undone: it is not merged automatically again. */
    keptApart: boolean('kept_apart').notNull().default(false),
    /**
     * Keyed hash of its words in order; empty without words, null for a text that was stored before such hashes
     * existed.
     */
    wordHash: text('word_hash'),
    /** When it was last recalled, to the hour. */
    usedAt: utcTimestamp('used_at'),
    expiresAt: utcTimestamp('expires_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('memories_content_key').on(t.organizationId, t.space, t.contentHash),
    index('memories_space_idx').on(t.organizationId, t.space, t.id),
    index('memories_user_id_idx').on(t.organizationId, t.userId),
    index('memories_agent_id_idx').on(t.agentId),
    index('memories_room_id_idx').on(t.roomId),
    index('memories_merged_into_idx').on(t.mergedInto),
    index('memories_word_hash_idx')
      .on(t.organizationId, t.space, t.wordHash)
      .where(sql`${t.mergedInto} is null`),
    index('memories_expires_at_idx')
      .on(t.expiresAt)
      .where(sql`${t.expiresAt} is not null`),
    foreignKey({
      name: 'memories_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    enumCheck('memories_scope_check', t.scope, MEMORY_SCOPES),
    check(
      'memories_space_check',
      sql`${t.space} = case ${t.scope} when 'person' then 'person:' || ${t.userId} when 'agent' then 'agent:' || ${t.agentId} when 'room' then 'room:' || ${t.roomId} else ${t.scope} end`,
    ),
    check('memories_person_check', sql`(${t.scope} = 'person') = (${t.userId} is not null)`),
    check('memories_agent_check', sql`(${t.scope} = 'agent') = (${t.agentId} is not null)`),
    check('memories_room_check', sql`(${t.scope} = 'room') = (${t.roomId} is not null)`),
  ],
);

/** The sources of memories. */
export const memorySources = pgTable(
  'memory_sources',
  {
    organizationId: tenant(),
    memoryId: memoryId(),
    space: space(),
    kind: enumColumn('kind', MEMORY_SOURCES).notNull(),
    /** The message, file, recording, transcription or memory; for `manual`, the user or API key that wrote it. */
    sourceId: text('source_id').notNull(),
    /** The cited passage of a transcript: the positions of its first and last segment. */
    firstPosition: integer('first_position'),
    lastPosition: integer('last_position'),
    citedAt: utcTimestamp('cited_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.memoryId, t.kind, t.sourceId] }),
    index('memory_sources_source_idx').on(t.organizationId, t.kind, t.sourceId),
    enumCheck('memory_sources_kind_check', t.kind, MEMORY_SOURCES),
    check(
      'memory_sources_passage_check',
      sql`num_nonnulls(${t.firstPosition}, ${t.lastPosition}) = case ${t.kind} when 'transcript' then 2 else 0 end`,
    ),
  ],
);

/** The text of a memory before a correction. */
export const memoryVersions = pgTable(
  'memory_versions',
  {
    organizationId: tenant(),
    memoryId: memoryId(),
    space: space(),
    /** The version of the memory with this text. */
    version: integer('version').notNull(),
    content: text('content').notNull(),
    /** The user or API key that replaced it. */
    correctedBy: text('corrected_by').notNull(),
    correctedAt: utcTimestamp('corrected_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.memoryId, t.version] }),
    index('memory_versions_organization_id_idx').on(t.organizationId),
  ],
);

/** The passages of memories, in which searches look. A corrected memory gets new ones. */
export const memoryChunks = pgTable(
  'memory_chunks',
  {
    /** The memory, the version of its text, and the number of the passage, whose text therefore never changes. */
    id: text('id').primaryKey(),
    organizationId: tenant(),
    memoryId: memoryId(),
    space: space(),
    text: text('text').notNull(),
    /** Its words, folded. */
    search: tsvector('search').notNull(),
    /** False while its memory is merged into another. */
    active: boolean('active').notNull().default(true),
  },
  (t) => [
    index('memory_chunks_space_idx').on(t.organizationId, t.space, t.id),
    index('memory_chunks_memory_id_idx').on(t.memoryId),
    index('memory_chunks_search_idx').using('gin', t.search),
  ],
);

/** Whether a person's own memory is on: it is off until they switch it on. */
export const memorySettings = pgTable(
  'memory_settings',
  {
    organizationId: tenant(),
    userId: id('user_id').notNull(),
    enabled: boolean('enabled').notNull(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.userId] }),
    foreignKey({
      name: 'memory_settings_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
  ],
);
