import type { User } from './accounts.queries.ts';
import type { UserView } from './accounts.schemas.ts';

/** A person as they see themselves. */
export function presentUser({
  createdAt,
  updatedAt,
  lastLoginAt,
  version: _version,
  ...rest
}: User): UserView {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    lastLoginAt: lastLoginAt?.toISOString() ?? null,
  };
}
