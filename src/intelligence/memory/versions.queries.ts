import { and, desc, eq, notInArray } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { MemoryRow } from './memory.rules.ts';
import { memoryVersions } from './memory.tables.ts';

/** Most earlier versions that are kept of a memory. */
export const MOST_VERSIONS = 50;

const isOf = (organizationId: string, memoryId: string) =>
  and(eq(memoryVersions.organizationId, organizationId), eq(memoryVersions.memoryId, memoryId));

/** Keeps the text of a memory before a correction; when there are too many versions, it replaces the oldest. */
export function keepVersion(
  q: Queries,
  { organizationId, id: memoryId, space, version, content }: MemoryRow,
  correction: { correctedBy: string; correctedAt: Date },
): Statement[] {
  const newest = q
    .select({ version: memoryVersions.version })
    .from(memoryVersions)
    .where(isOf(organizationId, memoryId))
    .orderBy(desc(memoryVersions.version))
    .limit(MOST_VERSIONS);
  return [
    q.insert(memoryVersions).values({ organizationId, memoryId, space, version, content, ...correction }),
    q
      .delete(memoryVersions)
      .where(and(isOf(organizationId, memoryId), notInArray(memoryVersions.version, newest))),
  ];
}

/** The earlier versions of a memory, the newest first. */
export const selectVersions = (q: Queries, organizationId: string, memoryId: string) =>
  q.select().from(memoryVersions).where(isOf(organizationId, memoryId)).orderBy(desc(memoryVersions.version));
