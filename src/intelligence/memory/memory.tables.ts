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

/** Whose a row is, as one text, see `memory-scopes`. The tenant policy hides what is of other people, and of agents that do not show. */
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
    /** The person, of the scope `person` only. It goes with their membership. */
    userId: id('user_id'),
    /** The agent, of the scope `agent` only. It goes with it. */
    agentId: id('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    /** The room, of the scope `room` only. */
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'cascade' }),
    content: text('content').notNull(),
    /** Keyed hash of the text: one text is there once in a space. */
    contentHash: text('content_hash').notNull(),
    /** The user or API key that stored it first. */
    author: text('author').notNull(),
    /** The memory that says the same and is found in its place. When that one goes, this one is found again. */
    mergedInto: id('merged_into').references((): AnyPgColumn => memories.id, { onDelete: 'set null' }),
    /** Somebody undid its merge: it is not merged again by itself. */
    keptApart: boolean('kept_apart').notNull().default(false),
    /** Keyed hash of its words in their order; empty without a word, null of a text that was stored before there were such hashes. */
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

/** What a memory comes from. */
export const memorySources = pgTable(
  'memory_sources',
  {
    organizationId: tenant(),
    memoryId: memoryId(),
    space: space(),
    kind: enumColumn('kind', MEMORY_SOURCES).notNull(),
    /** Of the message, the file, the recording, the transcription or the memory; of `manual` the user or API key that said it. */
    sourceId: text('source_id').notNull(),
    /** Of a transcript, the passage: the positions of its first and last segment. */
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

/** What a memory said before it was corrected. */
export const memoryVersions = pgTable(
  'memory_versions',
  {
    organizationId: tenant(),
    memoryId: memoryId(),
    space: space(),
    /** The version of the memory that said it. */
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

/** The passages of memories, which are what is searched. A corrected memory has new ones. */
export const memoryChunks = pgTable(
  'memory_chunks',
  {
    /** The memory, the version of its text, and the number of the passage: a passage never changes its text. */
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
    index('memory_chunks_organization_id_idx').on(t.organizationId),
    index('memory_chunks_memory_id_idx').on(t.memoryId),
    index('memory_chunks_search_idx').using('gin', t.search),
  ],
);

/** Whether a person wants a memory of their own: it is off until they turn it on. */
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
