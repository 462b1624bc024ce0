import type { User } from './accounts.queries.ts';
import type { GrantView, UserView } from './accounts.schemas.ts';
import type { Grant } from './create-grant.ts';

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

/** What signing in answers. */
export function presentGrant({ user, ...tokens }: Grant): GrantView {
  return { user: presentUser(user), ...tokens };
}
