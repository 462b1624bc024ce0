import type { Memory } from './memory.rules.ts';
import type { MemoryView } from './memory.schemas.ts';

export const presentMemory = ({ memory, sources }: Memory): MemoryView => ({
  id: memory.id,
  scope: memory.scope,
  roomId: memory.roomId,
  content: memory.content,
  sources: sources.map(({ kind, sourceId, citedAt }) => ({
    kind,
    id: sourceId,
    citedAt: citedAt.toISOString(),
  })),
  author: memory.author,
  mergedInto: memory.mergedInto,
  expiresAt: memory.expiresAt?.toISOString() ?? null,
  createdAt: memory.createdAt.toISOString(),
  updatedAt: memory.updatedAt.toISOString(),
});
