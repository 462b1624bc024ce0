import type { Memory } from './memory.rules.ts';
import type { MemoryView } from './memory.schemas.ts';

export const presentMemory = ({ memory, sources, mergedFrom }: Memory): MemoryView => ({
  id: memory.id,
  scope: memory.scope,
  agentId: memory.agentId,
  roomId: memory.roomId,
  content: memory.content,
  sources: sources.map(({ kind, sourceId, citedAt, passage }) => ({
    kind,
    id: sourceId,
    citedAt: citedAt.toISOString(),
    passage: passage && {
      ...passage,
      correctedAt: passage.correctedAt === null ? null : new Date(passage.correctedAt).toISOString(),
    },
  })),
  author: memory.author,
  mergedInto: memory.mergedInto,
  mergedFrom,
  derivedFrom: sources.flatMap(({ kind, sourceId }) => (kind === 'memory' ? [sourceId] : [])),
  expiresAt: memory.expiresAt?.toISOString() ?? null,
  createdAt: memory.createdAt.toISOString(),
  updatedAt: memory.updatedAt.toISOString(),
});
