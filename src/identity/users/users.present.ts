import type { User } from './users.queries.ts';
import type { UserView } from './users.schemas.ts';

/** A user as they see themselves. */
export function presentUser({
  createdAt,
  updatedAt,
  lastLoginAt,
  version: _version,
  ...fields
}: User): UserView {
  return {
    ...fields,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    lastLoginAt: lastLoginAt?.toISOString() ?? null,
  };
}
