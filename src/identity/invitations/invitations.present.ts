import type { InvitationPreview } from './read-invitations.ts';
import type { Invitation } from './invitations.rules.ts';
import type { InvitationPreviewView, InvitationView } from './invitations.schemas.ts';

export function presentInvitation(invitation: Invitation): InvitationView {
  const { id, email, role, effectiveStatus, invitedBy, acceptedBy, expiresAt, createdAt, updatedAt } =
    invitation;
  return {
    id,
    email,
    role,
    status: effectiveStatus,
    invitedBy,
    acceptedBy,
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function presentInvitationPreview({
  invitation,
  organizationName,
  inviterName,
  expired,
  hasAccount,
}: InvitationPreview): InvitationPreviewView {
  const { role, email, expiresAt } = invitation;
  return {
    organizationName,
    inviterName,
    role,
    email,
    expiresAt: expiresAt.toISOString(),
    expired,
    hasAccount,
  };
}
