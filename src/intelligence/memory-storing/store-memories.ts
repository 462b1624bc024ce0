import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, isError, requireFuture, requirePermission } from '../../kernel/core/index.ts';
import { requireAdmitted, requireRoomAccess } from '../../rooms/access/index.ts';
import { getAgent, restrictedAuthor } from '../agents/index.ts';
import { type MemoryOwner, ownerOf } from '../memory-scopes/index.ts';
import {
  changeExpiryOfMerged,
  changeMemory,
  type CitedSource,
  hashesOf,
  insertMemories,
  insertSources,
  laterExpiry,
  type Memory,
  memoryErrors,
  type MemoryRow,
  memoryTextChanged,
  requirePerson,
  selectMemoriesByHash,
  toMemory,
} from '../memory/index.ts';
import { holdOwner } from './memory-storing.queries.ts';
import type { StoreMemories } from './memory-storing.schemas.ts';
import { resolveSource } from './resolve-source.ts';

/** A text to remember. */
interface MemoryText {
  content: string;
  contentHash: string;
  wordHash: string;
  expiresAt: Date | null;
}

/**
 * The owner for whom the caller may store memories.
 * @throws AppError `auth.forbidden`, `agents.not_found`, `rooms.not_found`, `rooms.removed` or `rooms.denied`
 */
async function resolveOwner(ctx: Ctx, { scope, agentId, roomId }: StoreMemories): Promise<MemoryOwner> {
  if (scope === 'person') return ownerOf(scope, { userId: requirePerson(ctx.actor) });
  if (scope === 'organization') {
    requirePermission(ctx.actor, 'memories:manage');
    return ownerOf(scope);
  }
  if (scope === 'agent') {
    const { id } = await getAgent(ctx, agentId!);
    return ownerOf(scope, { agentId: id });
  }
  const [access] = await requireRoomAccess(ctx, { roomId: roomId! });
  requireAdmitted(access);
  return ownerOf(scope, { roomId: roomId! });
}

/** The texts of a request, without repetitions, with the latest of their expiries. */
async function readTexts(ctx: Ctx, owner: MemoryOwner, input: StoreMemories): Promise<MemoryText[]> {
  const texts = new Map<string, MemoryText>();
  for (const { content, expiresAt } of input.memories) {
    const expiry = expiresAt ? new Date(expiresAt) : null;
    requireFuture(expiry, ctx.clock.now(), memoryErrors.expiryInPast);
    const before = texts.get(content);
    const text = before ?? { content, ...(await hashesOf(ctx.hasher, owner.space, content)) };
    texts.set(content, { ...text, expiresAt: before ? laterExpiry(before.expiresAt, expiry) : expiry });
  }
  return [...texts.values()];
}

const createMemory = (ctx: Ctx, owner: MemoryOwner, text: MemoryText, now: Date): MemoryRow => ({
  id: ctx.ids.create('memory'),
  organizationId: ctx.organizationId,
  ...owner,
  ...text,
  author: actorId(ctx.actor)!,
  mergedInto: null,
  keptApart: false,
  usedAt: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
});

function addSources({ sources, ...stored }: Memory, { kind, ids, passage }: CitedSource, now: Date): Memory {
  const known = new Set(sources.map((source) => `${source.kind} ${source.sourceId}`));
  const added = ids.filter((id) => !known.has(`${kind} ${id}`));
  return {
    ...stored,
    sources: [...sources, ...added.map((sourceId) => ({ kind, sourceId, passage, citedAt: now }))],
  };
}

/** The contents of a person's own memory concern only them, so the audit log has no entry about it. */
const auditOf = ({ memory, sources }: Memory): AuditEntry[] =>
  memory.scope === 'person'
    ? []
    : [
        {
          action: 'memory.stored',
          target: { type: 'memory', id: memory.id },
          after: {
            scope: memory.scope,
            agentId: memory.agentId,
            roomId: memory.roomId,
            sources: sources.map(({ kind, sourceId }) => `${kind} ${sourceId}`),
          },
        },
      ];

/** The rows to write, so that a space has the texts. */
interface StorePlan {
  created: MemoryRow[];
  /** Existing memories that are to be kept longer. */
  extended: [MemoryRow, Pick<MemoryRow, 'expiresAt' | 'updatedAt'>][];
  /** A memory for each text. */
  stored: Memory[];
}

function planTexts(
  found: readonly Memory[],
  texts: readonly MemoryText[],
  create: (text: MemoryText) => MemoryRow,
  now: Date,
): StorePlan {
  const plan: StorePlan = { created: [], extended: [], stored: [] };
  const byHash = new Map(found.map((each) => [each.memory.contentHash, each]));
  for (const text of texts) {
    const there = byHash.get(text.contentHash);
    if (!there) {
      const memory = create(text);
      plan.created.push(memory);
      plan.stored.push({ memory, sources: [], mergedFrom: [] });
      continue;
    }
    const { memory } = there;
    const expiresAt = laterExpiry(memory.expiresAt, text.expiresAt);
    const isSame = expiresAt?.getTime() === memory.expiresAt?.getTime();
    const set = { expiresAt, updatedAt: now };
    if (!isSame) plan.extended.push([memory, set]);
    plan.stored.push(
      isSame ? there : { ...there, memory: { ...memory, ...set, version: memory.version + 1 } },
    );
  }
  return plan;
}

async function storeTexts(
  ctx: Ctx,
  owner: MemoryOwner,
  source: CitedSource,
  texts: readonly MemoryText[],
): Promise<Memory[]> {
  const now = new Date(ctx.clock.now());
  const { organizationId } = ctx;
  const hashes = texts.map(({ contentHash }) => contentHash);
  const [rows] = await ctx.read((q) => [selectMemoriesByHash(q, organizationId, owner, hashes)]);
  const create = (text: MemoryText) => createMemory(ctx, owner, text, now);
  const { created, extended, stored } = planTexts(rows.map(toMemory), texts, create, now);
  const rowsStored = stored.map(({ memory }) => memory);
  const result = stored.map((each) => addSources(each, source, now));
  return ctx.commit({
    write: (q) => [
      ...holdOwner(q, { organizationId, now, agentAuthor: restrictedAuthor(ctx.actor) }, owner),
      ...insertMemories(q, created, now),
      ...extended.flatMap(([memory, set]) => [
        changeMemory(q, memory, set),
        changeExpiryOfMerged(q, memory, set.expiresAt),
      ]),
      ...insertSources(q, rowsStored, source, now),
    ],
    audit: result.flatMap(auditOf),
    events: created.length === 0 ? [] : [memoryTextChanged.of({ organizationId, space: owner.space })],
    conflicts: { memories_content_key: memoryErrors.exists },
    result,
  });
}

/**
 * Stores memories. A text that its space has already gets a further source.
 * @returns a memory for each text of the request
 * @throws AppError `memories.switched_off`, `memories.expiry_in_past`, `billing.*`, `auth.forbidden`,
 * `agents.not_found`, `rooms.*`, and what the source is refused with
 */
export async function storeMemories(ctx: Ctx, input: StoreMemories): Promise<Memory[]> {
  requirePermission(ctx.actor, 'memories:write');
  const owner = await resolveOwner(ctx, input);
  const source = await resolveSource(ctx, input.source, owner);
  const texts = await readTexts(ctx, owner, input);
  const store = () => storeTexts(ctx, owner, source, texts);
  // Another request may have stored one of the texts at the same moment, so it exists.
  const stored = await store().catch((error: unknown) => {
    if (isError(error, memoryErrors.exists)) return store();
    throw error;
  });
  const byContent = new Map(stored.map((each) => [each.memory.content, each]));
  return input.memories.map(({ content }) => byContent.get(content)!);
}
