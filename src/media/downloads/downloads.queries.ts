import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { files } from '../files/files.tables.ts';

const isOfActiveOrganization = (organizationId: string) =>
  and(eq(organizations.id, organizationId), isNull(organizations.deletedAt));

/** The role of an active member of an organization that is not deleted. */
export const selectRole = (q: Queries, organizationId: string, userId: string) =>
  q
    .select({ role: members.role })
    .from(members)
    .innerJoin(organizations, isOfActiveOrganization(organizationId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, userId),
        eq(members.status, 'active'),
      ),
    );

/** The scopes of an API key that is valid, of an organization that is not deleted. */
export const selectScopes = (q: Queries, organizationId: string, apiKeyId: string, now: Date) =>
  q
    .select({ scopes: apiKeys.scopes })
    .from(apiKeys)
    .innerJoin(organizations, isOfActiveOrganization(organizationId))
    .where(
      and(
        eq(apiKeys.organizationId, organizationId),
        eq(apiKeys.id, apiKeyId),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    );

/** A file that everybody may read, once it has been scanned. */
export const selectPublicFile = (q: Queries, fileId: string, now: Date) =>
  q
    .select({ file: files })
    .from(files)
    .innerJoin(
      organizations,
      and(eq(organizations.id, files.organizationId), isNull(organizations.deletedAt)),
    )
    .where(
      and(
        eq(files.id, fileId),
        eq(files.access, 'public'),
        eq(files.status, 'stored'),
        eq(files.scanStatus, 'clean'),
        isNull(files.deletedAt),
        or(isNull(files.expiresAt), gt(files.expiresAt, now)),
      ),
    );
