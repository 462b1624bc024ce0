import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, actorId, authErrors, permits } from '../../kernel/core/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { type Agent, mayChangeAgent, restrictedAuthor } from '../agents/index.ts';
import type { MemoryOwner } from '../memory-scopes/index.ts';
import type { MemorySourceKind } from './memory.enums.ts';
import { memoryErrors } from './memory.errors.ts';
import type { memories, memoryChunks, memorySources } from './memory.tables.ts';
import { passagesOf, wordsOf } from './passages.rules.ts';

export type MemoryRow = typeof memories.$inferSelect;
export type MemorySource = Pick<typeof memorySources.$inferSelect, 'kind' | 'sourceId' | 'citedAt'> & {
  /** For a transcript, the cited passage. */
  passage: CitedPassage | null;
};
export type MemoryChunk = Omit<typeof memoryChunks.$inferInsert, 'search'> & { words: string };

/** A passage of a transcript. */
export interface CitedPassage {
  /** Positions of its first and last segment. */
  first: number;
  last: number;
  /** The call in which it was said; null for a file. */
  callId: string | null;
  startMs: number;
  endMs: number;
  /** When it was last corrected since it was cited, ISO 8601. */
  correctedAt: string | null;
}

/** A memory with its sources. */
export interface Memory {
  memory: MemoryRow;
  /** Its own sources, and those of the memories that were merged into it. */
  sources: MemorySource[];
  /** The memories that were merged into it. */
  mergedFrom: string[];
}

/** A memory as it is selected: with its sources as JSON. */
export interface SelectedMemory {
  memory: MemoryRow;
  sources: (Omit<MemorySource, 'citedAt'> & { citedAt: string })[];
  mergedFrom: string[];
}

export const toMemory = ({ memory, sources, mergedFrom }: SelectedMemory): Memory => ({
  memory,
  mergedFrom,
  sources: sources.map((source) => ({ ...source, citedAt: new Date(source.citedAt) })),
});

/** The person or API key for whom memories are read. */
export interface MemoryReader {
  organizationId: string;
  /** The user, who has memories of their own; null for an API key. */
  userId: string | null;
  /** The author as whom it sees agents, from `restrictedAuthor`; undefined: it sees none. */
  agentAuthor: string | null | undefined;
  /** Rooms from which it was removed are not read. */
  identity: string;
  /** From `restrictedViewer`. */
  roomViewer: string | null;
  now: Date;
}

/** @throws AppError `auth.forbidden` for an actor without an organization's permissions */
export function memoryReaderOf(actor: Actor, organizationId: string, now: Date): MemoryReader {
  if (actor.kind !== 'user' && actor.kind !== 'apiKey') throw authErrors.forbidden();
  return {
    organizationId,
    userId: actor.kind === 'user' ? actor.userId : null,
    agentAuthor: permits(actor.permissions, 'agents:read') ? restrictedAuthor(actor) : undefined,
    identity: actorId(actor)!,
    roomViewer: restrictedViewer(actor),
    now,
  };
}

/** @throws AppError `auth.forbidden` */
export function requirePerson(actor: Actor): string {
  if (actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'only a signed-in user has a memory of their own' });
  return actor.userId;
}

/** Whether the actor may change memories that everybody in the organization reads. */
export const managesMemories = (actor: Actor): boolean =>
  'permissions' in actor && permits(actor.permissions, 'memories:manage');

/**
 * Checks who may change a memory: a person's memory only that person; that of a room or an agent its author, that of
 * an agent also those who may change the agent; all memories that others read, those with `memories:manage`.
 * @param agent the agent that owns it
 * @throws AppError `auth.forbidden`
 */
export function requireChangeable(actor: Actor, { scope, author }: MemoryRow, agent?: Agent): void {
  const isOwn = scope === 'person' || (scope !== 'organization' && author === actorId(actor));
  const isOfOwnAgent = agent !== undefined && mayChangeAgent(actor, agent);
  if (!isOwn && !isOfOwnAgent && !managesMemories(actor))
    throw authErrors.forbidden({ detail: 'needs memories:manage' });
}

/** Whether the actor may change only their own ones among the memories that were merged into a memory. */
export const changesOnlyOwn = (actor: Actor, { scope }: MemoryRow): string | null =>
  (scope === 'room' || scope === 'agent') && !managesMemories(actor) ? actorId(actor)! : null;

/** Checks that a derived memory shows to no more people than its source. @throws AppError `memories.wider_audience` */
export function requireNoWiderAudience(parent: Pick<MemoryRow, 'scope' | 'space'>, owner: MemoryOwner): void {
  const isNarrower = owner.scope === 'person' && parent.scope !== 'person';
  if (parent.scope !== 'organization' && parent.space !== owner.space && !isNarrower)
    throw memoryErrors.widerAudience();
}

/** The later of two expiries; null stands for never. */
export const laterExpiry = (one: Date | null, other: Date | null): Date | null =>
  one === null || other === null ? null : one > other ? one : other;

/** The passages of a memory's text. */
export function chunksOf({
  id,
  organizationId,
  space,
  content,
  version,
}: Pick<MemoryRow, 'id' | 'organizationId' | 'space' | 'content' | 'version'>): MemoryChunk[] {
  return passagesOf(content).map((text, at) => ({
    id: `${id}.${version}.${at}`,
    organizationId,
    memoryId: id,
    space,
    text,
    words: wordsOf(text).join(' '),
  }));
}

/** The keyed hashes by which a text, and its words in order, are found in a space. */
export async function hashesOf(
  hasher: Ctx['hasher'],
  space: string,
  content: string,
): Promise<{ contentHash: string; wordHash: string }> {
  const words = wordsOf(content).join(' ');
  const [contentHash, wordHash] = await Promise.all([
    hasher.hash('memory', `${space}\n${content}`),
    words === '' ? '' : hasher.hash('memory', `${space}\nwords\n${words}`),
  ]);
  return { contentHash, wordHash };
}

/** The source that a request names, before it is looked up. */
export interface CitedSource {
  kind: MemorySourceKind;
  ids: readonly string[];
  passage: CitedPassage | null;
}
