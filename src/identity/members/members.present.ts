import type { MemberWithUser } from './members.queries.ts';
import type { MemberView } from './members.schemas.ts';

export function presentMember({ member, user }: MemberWithUser): MemberView {
  const { id, userId, role, status, invitedBy, createdAt, updatedAt } = member;
  const { name, email, avatarUrl } = user;
  return {
    id,
    userId,
    name,
    email,
    avatarUrl,
    role,
    status,
    invitedBy,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
