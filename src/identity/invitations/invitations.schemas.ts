import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { ROLES } from '../access/index.ts';
import { signUpSchema } from '../sign-in/index.ts';
import { INVITATION_TOKEN_PATTERN } from './invitation-token.ts';
import { EFFECTIVE_INVITATION_STATUSES } from './invitations.rules.ts';

export const invitationListParamsSchema = z.strictObject({ organizationId: idSchema('organization') });
export const invitationParamsSchema = invitationListParamsSchema.extend({ id: idSchema('invitation') });

export const createInvitationSchema = z.strictObject({
  email: z.string().trim().toLowerCase().max(254).pipe(z.email()),
  role: z.enum(ROLES).default('member'),
});
export type CreateInvitation = z.output<typeof createInvitationSchema>;

export const invitationSchema = z
  .object({
    id: idSchema('invitation'),
    email: z.string(),
    role: z.enum(ROLES),
    status: z.enum(EFFECTIVE_INVITATION_STATUSES),
    invitedBy: idSchema('user').nullable(),
    acceptedBy: idSchema('user').nullable(),
    expiresAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Invitation');
export type InvitationView = z.output<typeof invitationSchema>;
export const invitationPageSchema = pageSchema(invitationSchema).openapi('InvitationPage');

const token = z.string().regex(INVITATION_TOKEN_PATTERN, "must be the token out of an invitation's link");
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
    organizationName: z.string(),
    inviterName: z.string().nullable(),
    role: z.enum(ROLES),
    email: z.string(),
    expiresAt: z.iso.datetime(),
    expired: z.boolean(),
    /** Whether to sign in and accept, or to accept as a new person. */
    hasAccount: z.boolean(),
  })
  .openapi('InvitationPreview');

export const acceptedInvitationSchema = z
  .object({
    organizationId: idSchema('organization'),
    organizationName: z.string(),
    memberId: idSchema('member'),
    role: z.enum(ROLES),
  })
  .openapi('AcceptedInvitation');

const eventFields = { organizationId: idSchema('organization'), invitationId: idSchema('invitation') };
/** What every `invitation.*` event carries. */
export const invitationEventSchema = z.strictObject(eventFields);
export const invitationMailEventSchema = z.strictObject({ ...eventFields, sealedToken: z.string() });

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
export const invitationPreviewExample = {
  organizationName: 'Northwind',
  inviterName: 'Grace Example',
  role: 'member',
  email: 'ada@northwind.example',
  expiresAt: '2026-01-12T09:30:00.000Z',
  expired: false,
  hasAccount: false,
} as const;
export const acceptedInvitationExample = {
  organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  organizationName: 'Northwind',
  memberId: 'mem_01jd3v7q8gf4kr2x6a0w9mznpe',
  role: 'member',
} as const;
