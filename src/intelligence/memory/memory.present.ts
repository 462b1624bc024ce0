import type { CitedPassage, Memory } from './memory.rules.ts';
import type { MemoryView } from './memory.schemas.ts';

const presentPassage = ({ startMs, endMs, correctedAt, ...passage }: CitedPassage) => ({
  ...passage,
  startSeconds: startMs / 1000,
  endSeconds: endMs / 1000,
  correctedAt: correctedAt === null ? null : new Date(correctedAt).toISOString(),
});

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
    passage: passage && presentPassage(passage),
  })),
  author: memory.author,
  mergedInto: memory.mergedInto,
  mergedFrom,
  derivedFrom: sources.flatMap(({ kind, sourceId }) => (kind === 'memory' ? [sourceId] : [])),
  expiresAt: memory.expiresAt?.toISOString() ?? null,
  createdAt: memory.createdAt.toISOString(),
  updatedAt: memory.updatedAt.toISOString(),
});
