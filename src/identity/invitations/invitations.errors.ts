import { defineErrors } from '../../kernel/core/index.ts';

export const invitationErrors = defineErrors('invitations', {
  notFound: { status: 404, title: 'There is no such invitation' },
  alreadyMember: { status: 409, title: 'The person is a member already' },
  alreadyPending: { status: 409, title: 'The address has an invitation already; send that one again' },
  alreadyAccepted: { status: 409, title: 'The invitation has been accepted' },
  overtaken: { status: 409, title: 'The invitation was accepted, revoked or sent anew at the same moment' },
  expired: { status: 410, title: 'The invitation has expired' },
  revoked: { status: 410, title: 'The invitation has been revoked' },
  emailMismatch: { status: 403, title: 'The invitation is for another e-mail address' },
  domainNotAllowed: { status: 422, title: 'The organization does not invite addresses of this domain' },
  sentJustNow: { status: 429, title: 'The invitation was sent a moment ago' },
});
