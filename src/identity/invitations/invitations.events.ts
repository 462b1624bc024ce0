import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { invitationEventSchema, invitationMailEventSchema } from './invitations.schemas.ts';

const example = { organizationId: exampleId('organization'), invitationId: exampleId('invitation') };

const defineInvitationEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: invitationEventSchema,
    example,
    key: ({ invitationId }) => invitationId,
  });

export const invitationCreated = defineInvitationEvent('invitation.created', 'An email address was invited.');
export const invitationResent = defineInvitationEvent('invitation.resent', 'An invitation was sent again.');
export const invitationRevoked = defineInvitationEvent('invitation.revoked', 'An invitation was revoked.');
export const invitationAccepted = defineInvitationEvent('invitation.accepted', 'An invitation was accepted.');
/** Carries the token, encrypted: the table has only its hash. */
export const invitationMailRequested = defineEvent({
  type: 'invitation.mail_requested',
  description: 'The email of an invitation was requested.',
  payload: invitationMailEventSchema,
  example: { ...example, sealedToken: 'k1.9sJ2' },
  key: ({ invitationId }) => invitationId,
  internal: true,
});

export const invitationEvents = [
  invitationCreated,
  invitationResent,
  invitationRevoked,
  invitationAccepted,
  invitationMailRequested,
];
