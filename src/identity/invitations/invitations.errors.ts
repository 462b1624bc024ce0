import { defineErrors } from '../../kernel/core/index.ts';

export const invitationErrors = defineErrors('invitations', {
  notFound: { status: 404, title: 'The invitation was not found' },
  alreadyMember: { status: 409, title: 'The user is a member of the organization already' },
  alreadyPending: { status: 409, title: 'The address has a pending invitation already' },
  alreadyAccepted: { status: 409, title: 'The invitation has been accepted' },
  overtaken: { status: 409, title: 'The invitation was accepted, revoked or resent at the same time' },
  expired: { status: 410, title: 'The invitation has expired' },
  revoked: { status: 410, title: 'The invitation has been revoked' },
  emailMismatch: { status: 403, title: 'The invitation is for another email address' },
  domainNotAllowed: { status: 422, title: 'The organization does not allow addresses of this domain' },
  emailNotVerified: { status: 403, title: 'Verify your email address before you invite others' },
  sentJustNow: { status: 429, title: 'The invitation was sent less than a minute ago' },
  tooMany: { status: 429, title: 'Too many invitations were sent' },
});
