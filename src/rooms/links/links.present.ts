import type { LinkWithStatus } from './links.rules.ts';
import type { LinkView } from './links.schemas.ts';

/** A link as the API shows it. */
export function presentLink(link: LinkWithStatus): LinkView {
  const { organizationId: _o, passwordHash: _p, deletedAt: _d, version: _v, ...rest } = link;
  return {
    ...rest,
    expiresAt: link.expiresAt?.toISOString() ?? null,
    lastUsedAt: link.lastUsedAt?.toISOString() ?? null,
    createdAt: link.createdAt.toISOString(),
    updatedAt: link.updatedAt.toISOString(),
  };
}
