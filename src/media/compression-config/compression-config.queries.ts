import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { changeVersioned, deleteVersioned, type Queries } from '../../kernel/db/index.ts';
import { type CompressionConfigRow, compressionConfigs } from './compression-config.tables.ts';

/** What a config is for: the organization when both are null. */
export interface ConfigScope {
  roomId: string | null;
  userId: string | null;
}

const isOfScope = ({ roomId, userId }: ConfigScope) => {
  const { roomId: room, userId: user } = compressionConfigs;
  return and(
    roomId === null ? isNull(room) : eq(room, roomId),
    userId === null ? isNull(user) : eq(user, userId),
  );
};

/** The config of exactly this scope. */
export const selectConfig = (q: Queries, organizationId: string, scope: ConfigScope) =>
  q
    .select()
    .from(compressionConfigs)
    .where(and(eq(compressionConfigs.organizationId, organizationId), isOfScope(scope)));

/** The configs that count for a participant: of the organization, and of the room and the user that are given. */
export function selectConfigsFor(q: Queries, organizationId: string, { roomId, userId }: ConfigScope) {
  const scopes: (SQL | undefined)[] = [isOfScope({ roomId: null, userId: null })];
  if (roomId !== null) scopes.push(eq(compressionConfigs.roomId, roomId));
  if (userId !== null) scopes.push(eq(compressionConfigs.userId, userId));
  return q
    .select()
    .from(compressionConfigs)
    .where(and(eq(compressionConfigs.organizationId, organizationId), or(...scopes)));
}

/** Whether the organization's plan has the feature. */
export const selectIncluded = (q: Queries, organizationId: string, now: Date) =>
  q
    .select({
      included: sql<boolean>`${entitledToFeature('compression', { organizationId, now })} = 1`,
    })
    .from(organizations)
    .where(eq(organizations.id, organizationId));

/** Fails the commit with `billing.feature_not_included` when the plan does not have the feature. */
export const holdCompression = (q: Queries, organizationId: string, now: Date) =>
  holdFeature(q, { organizationId, now, feature: 'compression' });

/** Fails with the unique key `compression_configs_key` when another request was first. */
export const insertConfig = (q: Queries, row: CompressionConfigRow) =>
  q.insert(compressionConfigs).values(row);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeConfig = (q: Queries, row: CompressionConfigRow, set: Partial<CompressionConfigRow>) =>
  changeVersioned(q, compressionConfigs, row, set);

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteConfigRow = (q: Queries, row: CompressionConfigRow) =>
  deleteVersioned(q, compressionConfigs, row);
