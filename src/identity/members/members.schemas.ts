import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { ROLES } from '../access/index.ts';
import { MEMBER_STATUSES } from './members.enums.ts';

export const memberListParamsSchema = z.strictObject({
  organizationId: idSchema('organization').openapi({ description: 'Id of the organization.' }),
});
export const memberParamsSchema = memberListParamsSchema.extend({
  memberId: idSchema('member').openapi({ description: 'Id of the member; not the id of the user.' }),
});

const role = z.enum(ROLES).openapi({ description: 'Role, which decides what the member may do.' });
const status = z.enum(MEMBER_STATUSES).openapi({
  description: 'A `suspended` member keeps the membership but can do nothing in the organization.',
});

export const updateMemberSchema = z
  .strictObject({ role, status })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateMember = z.output<typeof updateMemberSchema>;

export const memberSchema = z
  .object({
    id: idSchema('member').openapi({ description: 'Id of the member.' }),
    userId: idSchema('user').openapi({ description: 'Id of the user who is the member.' }),
    name: z.string().openapi({ description: 'Name of the user.' }),
    email: z.string().openapi({ description: 'Email address of the user.' }),
    avatarUrl: z.string().nullable().openapi({ description: 'URL of the user’s picture; null for none.' }),
    role,
    status,
    invitedBy: idSchema('user').nullable().openapi({
      description: 'Id of the user who invited the member; null when nobody did, or that user was erased.',
    }),
    createdAt: z.iso.datetime().openapi({ description: 'When the user joined the organization.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When the membership was last changed.' }),
  })
  .openapi('Member');
export type MemberView = z.output<typeof memberSchema>;

export const memberPageSchema = pageSchema(memberSchema).openapi('MemberPage');

/** The payload of every `member.*` event. */
export const memberEventSchema = z.object({
  organizationId: idSchema('organization').describe('Id of the organization.'),
  memberId: idSchema('member').describe('Id of the membership.'),
  userId: idSchema('user').describe('Id of the user.'),
});

export const memberExample: MemberView = {
  id: 'mem_01jd3v7q8gf4kr2x6a0w9mznpe',
  userId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Ann Example',
  email: 'ann@example.com',
  avatarUrl: null,
  role: 'member',
  status: 'active',
  invitedBy: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
