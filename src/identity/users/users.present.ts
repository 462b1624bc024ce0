import type { User } from './users.queries.ts';
import type { UserView } from './users.schemas.ts';

/** A user as they see themselves. Field by field: a new column stays private until it is listed here. */
export const presentUser = (user: User): UserView => ({
  id: user.id,
  email: user.email,
  emailVerified: user.emailVerified,
  name: user.name,
  avatarUrl: user.avatarUrl,
  bio: user.bio,
  locale: user.locale,
  timeZone: user.timeZone,
  metadata: user.metadata,
  createdAt: user.createdAt.toISOString(),
  updatedAt: user.updatedAt.toISOString(),
  lastLoginAt: user.lastLoginAt?.toISOString() ?? null,
});
