import { sql } from 'drizzle-orm';
import * as consolidation from '../../../src/intelligence/memory-consolidation/memory-consolidation.queries.ts';
import type {
  ConsolidationSettings,
  DueSpace,
} from '../../../src/intelligence/memory-consolidation/memory-consolidation.tables.ts';
import * as forgetting from '../../../src/intelligence/memory-forgetting/memory-forgetting.queries.ts';
import * as merging from '../../../src/intelligence/memory-merging/memory-merging.queries.ts';
import * as search from '../../../src/intelligence/memory-search/memory-search.queries.ts';
import { toUnitVector } from '../../../src/intelligence/memory-search/memory-search.rules.ts';
import { MEMORY_SCOPES } from '../../../src/intelligence/memory-scopes/index.ts';
import * as storing from '../../../src/intelligence/memory-storing/memory-storing.queries.ts';
import * as forget from '../../../src/intelligence/memory/forget.queries.ts';
import { memoryErrors } from '../../../src/intelligence/memory/memory.errors.ts';
import * as memory from '../../../src/intelligence/memory/memory.queries.ts';
import type { MemoryReader, MemoryRow } from '../../../src/intelligence/memory/memory.rules.ts';
import { memories } from '../../../src/intelligence/memory/memory.tables.ts';
import * as merged from '../../../src/intelligence/memory/merging.queries.ts';
import * as readers from '../../../src/intelligence/memory/readers.queries.ts';
import * as settings from '../../../src/intelligence/memory/settings.queries.ts';
import * as versions from '../../../src/intelligence/memory/versions.queries.ts';
import type { Queries, Statement } from '../../../src/kernel/db/index.ts';

/** An organization with memories of each scope, from each kind of source. */
export interface World {
  organizationId: string;
  userId: string;
  reader: MemoryReader;
  roomId: string;
  agentId: string;
  /** Of memories that say so. */
  messageId: string;
  recordingId: string;
  transcriptionId: string;
  /** Of memories whose source has gone. */
  lostMessageId: string;
  lostRecordingId: string;
  /** By what they are. */
  row: Record<
    'plain' | 'same' | 'kept' | 'merged' | 'room' | 'agent' | 'unsupported' | 'unembedded' | 'unhashed',
    MemoryRow
  >;
  /** A word that only its memories have. */
  word: string;
  vector: number[];
  settings: settings.MemorySettings;
  consolidation: ConsolidationSettings;
  due: DueSpace;
}

/** A statement about what is of one organization, for another one. */
export type QueryPath = (q: Queries, of: World, as: World) => Statement | readonly Statement[];

/** What is of one organization, as if it were of the other. */
const own = <T extends object>({ organizationId }: World, row: T) => ({ ...row, organizationId });
const chunkOf = ({ id, version }: MemoryRow) => `${id}.${version}.0`;
const NOW = new Date('2030-01-01T00:00:00Z');
const { notFound } = memoryErrors;
const idsOf = ({ row }: World) => Object.values(row).map(({ id }) => id);

/** Every query of memories but those of `OF_ALL`, by file and name. */
export const QUERY_PATHS: Record<string, QueryPath> = {
  'memory.selectMemory': (q, of, as) => memory.selectMemory(q, as.reader, of.row.plain.id),
  'memory.selectMemoriesWithin': (q, of, as) => memory.selectMemoriesWithin(q, as.reader, idsOf(of)),
  'memory.selectMemories': (q, of, as) =>
    memory.selectMemories(q, as.reader, { roomId: of.roomId }, { before: undefined, limit: 100 }),
  'memory.selectMemoriesByHash': (q, of, as) =>
    memory.selectMemoriesByHash(q, as.organizationId, of.row.room, [of.row.room.contentHash]),
  'memory.insertMemories': (q, of, as) =>
    memory.insertMemories(q, [own(as, { ...of.row.room, id: 'mmr_new', contentHash: 'new' })], NOW),
  'memory.insertSources': (q, of, as) =>
    memory.insertSources(
      q,
      [own(as, of.row.room)],
      { kind: 'message', ids: [of.messageId], passage: null },
      NOW,
    ),
  'memory.changeMemory': (q, of, as) => memory.changeMemory(q, own(as, of.row.plain), { content: 'taken' }),
  'memory.replaceText': (q, of, as) =>
    memory.replaceText(
      q,
      own(as, of.row.plain),
      own(as, { ...of.row.plain, version: 99, content: 'taken' }),
      'usr_other',
    ),
  'forget.forgetMemory': (q, of, as) => forget.forgetMemory(q, own(as, of.row.plain)),
  'forget.forgetOfPerson': (q, of, as) => forget.forgetOfPerson(q, as.organizationId, of.userId),
  'forget.forgetOfRoom': (q, of, as) => forget.forgetOfRoom(q, as.organizationId, of.roomId),
  'forget.forgetOver': (q, _of, as) => forget.forgetOver(q, as.organizationId, NOW, 100),
  'merging.releaseMerged': (q, of, as) => merged.releaseMerged(q, own(as, of.row.kept), 'usr_other'),
  'merging.changeExpiryOfMerged': (q, of, as) =>
    merged.changeExpiryOfMerged(q, own(as, of.row.kept), new Date('2031-01-01T00:00:00Z')),
  'merging.activate': (q, of, as) => merged.activate(q, own(as, of.row.merged)),
  'merging.forgetUnsupported': (q, of, as) => merged.forgetUnsupported(q, of.row.unsupported.id, as),
  'settings.selectSettings': (q, of, as) => settings.selectSettings(q, as.organizationId, of.userId),
  'settings.requireSwitchedOn': (q, of, as) => settings.requireSwitchedOn(q, as.organizationId, of.userId),
  'settings.changeSettings': (q, of, as) =>
    settings.changeSettings(q, own(as, of.settings), own(as, { ...of.settings, enabled: false })),
  'versions.keepVersion': (q, of, as) =>
    versions.keepVersion(q, own(as, { ...of.row.same, version: 99 }), {
      correctedBy: 'usr_other',
      correctedAt: NOW,
    }),
  'versions.selectVersions': (q, of, as) => versions.selectVersions(q, as.organizationId, of.row.plain.id),
  'readers.isReadable': (q, _of, as) => q.select().from(memories).where(readers.isReadable(as.reader)),
  'readers.readableSpaces': (q, of, as) =>
    q.execute(
      sql`select unnest(${readers.readableSpaces(as.reader, { scopes: ['agent', 'room'], agentId: of.agentId, roomId: of.roomId })}) as space`,
    ),
  'memory-search.selectRecalled': (q, of, as) =>
    search.selectRecalled(
      q,
      as.reader,
      { words: of.word, meaning: { vector: toUnitVector(of.vector, 'words')!, model: 'words@1' } },
      { scopes: MEMORY_SCOPES, agentId: undefined, roomId: undefined, minSimilarity: 0.3, limit: 100 },
    ),
  'memory-search.noteUse': (q, of, as) => search.noteUse(q, as.reader, idsOf(of)),
  'memory-search.selectUnembedded': (q, _of, as) =>
    search.selectUnembedded(q, as.organizationId, 'words@1', 100),
  'memory-search.storeVectors': (q, of, as) =>
    search.storeVectors(
      q,
      as.organizationId,
      'other@1',
      [{ id: chunkOf(of.row.room), embedding: null }],
      NOW,
    ),
  'memory-merging.mergeInto': (q, of, as) =>
    merging.mergeInto(
      q,
      { organizationId: as.organizationId, kept: of.row.plain, mergedIds: [of.row.same.id] },
      notFound,
    ),
  'memory-merging.holdMerged': (q, of, as) =>
    merging.holdMerged(q, own(as, { ...of.row.plain, version: of.row.plain.version - 1 }), notFound),
  'memory-merging.takeApart': (q, of, as) => merging.takeApart(q, own(as, of.row.merged), notFound),
  'memory-merging.selectSame': (q, _of, as) => merging.selectSame(q, as.organizationId, 'organization', 10),
  'memory-storing.holdOwner': (q, of, as) =>
    storing.holdOwner(q, { organizationId: as.organizationId, now: NOW, agentAuthor: null }, of),
  'memory-storing.selectRoomOfMessage': (q, of, as) =>
    storing.selectRoomOfMessage(q, as.reader, of.messageId),
  'memory-storing.selectRoomOfRecording': (q, of, as) =>
    storing.selectRoomOfRecording(q, as.reader, of.recordingId),
  'memory-storing.selectPassage': (q, of, as) =>
    storing.selectPassage(q, as.organizationId, of.transcriptionId, { first: 0, last: 10 }),
  'memory-storing.selectParents': (q, of, as) => storing.selectParents(q, as.reader, [of.row.plain.id]),
  'memory-consolidation.selectSettings': (q, of, as) =>
    consolidation.selectSettings(q, as.organizationId, of.consolidation.space),
  'memory-consolidation.changeSettings': (q, of, as) =>
    consolidation.changeSettings(
      q,
      own(as, of.consolidation),
      own(as, { ...of.consolidation, mostMemories: 1 }),
    ),
  'memory-consolidation.markDue': (q, of, as) =>
    consolidation.markDue(
      q,
      { organizationId: as.organizationId, space: of.due.space },
      new Date('2020-01-01T00:00:00Z'),
    ),
  'memory-consolidation.settleDue': (q, of, as) => consolidation.settleDue(q, own(as, of.due), null),
  'memory-consolidation.selectUnhashed': (q, of, as) =>
    consolidation.selectUnhashed(q, as.organizationId, of.row.unhashed.space, 100),
  'memory-consolidation.storeWordHashes': (q, of, as) =>
    consolidation.storeWordHashes(q, as.organizationId, [
      { id: of.row.plain.id, contentHash: of.row.plain.contentHash, wordHash: 'taken' },
    ]),
  'memory-consolidation.forgetUnused': (q, of, as) =>
    consolidation.forgetUnused(q, own(as, of.due), { since: NOW, mostMemories: null, limit: 100 }),
  'memory-consolidation.selectUnused': (q, of, as) =>
    consolidation.selectUnused(q, own(as, of.due), { since: NOW, mostMemories: null }),
  'memory-forgetting.forgetLostSources': (q, of, as) =>
    forgetting.forgetLostSources(q, as.organizationId, 'message', [of.lostMessageId]),
  'memory-forgetting.forgetLostTranscripts': (q, of, as) =>
    forgetting.forgetLostTranscripts(q, as.organizationId, [of.lostRecordingId]),
  // Agents are earlier than memories, and delete theirs by this function.
  'agents.forget_memories_of_agent': (q, of, as) =>
    q.execute(sql`select forget_memories_of_agent(${as.organizationId}, ${of.agentId})`),
};

/** What sweeps read of all organizations, as the system; the tenant policy alone narrows it. */
export const OF_ALL: Record<string, (q: Queries) => Statement> = {
  'memory.selectMemoriesWithSources': memory.selectMemoriesWithSources,
  'forget.selectOrganizationsWithOver': (q) => forget.selectOrganizationsWithOver(q, NOW, 100),
  'memory-search.selectOrganizationsUnembedded': (q) =>
    search.selectOrganizationsUnembedded(q, 'words@1', NOW, 100),
  'memory-consolidation.selectDueSpaces': (q) => consolidation.selectDueSpaces(q, NOW, 100),
  'memory-forgetting.selectLostSources': (q) => forgetting.selectLostSources(q, 100),
};
