import { permissionsOfRole } from '../../identity/access/index.ts';
import type { Actor } from '../../kernel/core/index.ts';

/** A member for whom an agent acts, with the authority that they have now; each batch proves their membership. */
export const actorOfMember = ({
  organizationId,
  userId,
  role,
}: {
  organizationId: string;
  userId: string;
  role: string | null;
}): Actor => ({
  kind: 'user',
  userId,
  sessionId: undefined,
  organizationId,
  role,
  plan: null,
  permissions: permissionsOfRole(role),
});
