import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { ROLES } from '../access/index.ts';
import { signUpSchema } from '../sign-in/index.ts';
import { emailSchema } from '../users/index.ts';
import { INVITATION_TOKEN_PATTERN } from './invitation-token.ts';
import { EFFECTIVE_INVITATION_STATUSES } from './invitations.enums.ts';

const organizationId = idSchema('organization').openapi({ description: 'Id of the organization.' });
export const invitationListParamsSchema = z.strictObject({ organizationId });
export const invitationParamsSchema = invitationListParamsSchema.extend({
  id: idSchema('invitation').openapi({ description: 'Id of the invitation.' }),
});

const role = z.enum(ROLES).openapi({ description: 'Role that the new member gets.' });
const invitedEmail = z.string().openapi({ description: 'Email address that was invited, in lower case.' });
const expiresAt = z.iso.datetime().openapi({ description: 'When the invitation expires.' });

export const createInvitationSchema = z.strictObject({
  email: emailSchema,
  role: role.default('member'),
});
export type CreateInvitation = z.output<typeof createInvitationSchema>;

export const invitationSchema = z
  .object({
    id: idSchema('invitation').openapi({ description: 'Id of the invitation.' }),
    email: invitedEmail,
    role,
    status: z.enum(EFFECTIVE_INVITATION_STATUSES).openapi({
      description:
        'Only a `pending` invitation can be accepted. Resending makes an `expired` one pending again.',
    }),
    invitedBy: idSchema('user').nullable().openapi({
      description:
        'Id of the user who sent the invitation; null when an API key did, or that user was erased.',
    }),
    acceptedBy: idSchema('user').nullable().openapi({
      description:
        'Id of the user who accepted the invitation; null when nobody has, or that user was erased.',
    }),
    expiresAt,
    createdAt: z.iso.datetime().openapi({ description: 'When the invitation was created.' }),
    updatedAt: z.iso.datetime().openapi({
      description: 'When the invitation was last resent, revoked or accepted.',
    }),
  })
  .openapi('Invitation');
export type InvitationView = z.output<typeof invitationSchema>;
export const invitationPageSchema = pageSchema(invitationSchema).openapi('InvitationPage');

const token = z
  .string()
  .regex(INVITATION_TOKEN_PATTERN, 'must be the token from the link of an invitation')
  .openapi({ description: 'Token from the link of the invitation: `ali_` and 43 characters.' });
export const invitationTokenSchema = z.strictObject({ token });
export const acceptAsNewUserSchema = signUpSchema.omit({ email: true }).extend({ token });
export type AcceptAsNewUser = z.output<typeof acceptAsNewUserSchema>;
export const invitationTokenExample = { token: 'ali_5u5mK0v1yEo3T8Gq2c9wXH7nRZbJdLsAfPiCtVhQ6kM' };
export const acceptAsNewUserExample = {
  ...invitationTokenExample,
  name: 'Ada Example',
  password: 'correct-tulip-42-window',
};

export const invitationPreviewSchema = z
  .object({
    organizationName: z.string().openapi({ description: 'Name of the organization.' }),
    inviterName: z.string().nullable().openapi({
      description:
        'Name of the user who sent the invitation; null when an API key did, or that user was erased.',
    }),
    role,
    email: invitedEmail,
    expiresAt,
    expired: z.boolean().openapi({ description: 'Whether the invitation has expired.' }),
    hasAccount: z.boolean().openapi({
      description:
        'Whether the address has an account: then log in and accept the invitation, otherwise accept it with a new ' +
        'account.',
    }),
  })
  .openapi('InvitationPreview');
export type InvitationPreviewView = z.output<typeof invitationPreviewSchema>;

export const acceptedInvitationSchema = z
  .object({
    organizationId,
    organizationName: z.string().openapi({ description: 'Name of the organization.' }),
    memberId: idSchema('member').openapi({ description: 'Id of the new member.' }),
    role,
  })
  .openapi('AcceptedInvitation');

const eventFields = {
  organizationId: idSchema('organization').describe('Id of the organization.'),
  invitationId: idSchema('invitation').describe('Id of the invitation.'),
};
/** The payload of the `invitation.*` events. */
export const invitationEventSchema = z.object(eventFields);
/** The payload of `invitation.mail_requested`; the token is encrypted, bound to the invitation. */
export const invitationMailEventSchema = z.object({ ...eventFields, sealedToken: z.string() });

export const invitationExample: InvitationView = {
  id: 'inv_01jd3v7q8gf4kr2x6a0w9mznpe',
  email: 'ada@northwind.example',
  role: 'member',
  status: 'pending',
  invitedBy: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  acceptedBy: null,
  expiresAt: '2026-01-12T09:30:00.000Z',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
export const invitationPreviewExample: InvitationPreviewView = {
  organizationName: 'Northwind',
  inviterName: 'Grace Example',
  role: 'member',
  email: 'ada@northwind.example',
  expiresAt: '2026-01-12T09:30:00.000Z',
  expired: false,
  hasAccount: false,
};
export const acceptedInvitationExample: z.output<typeof acceptedInvitationSchema> = {
  organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  organizationName: 'Northwind',
  memberId: 'mem_01jd3v7q8gf4kr2x6a0w9mznpe',
  role: 'member',
};
