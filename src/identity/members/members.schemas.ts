import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { ROLES } from '../access/index.ts';
import { MEMBER_STATUSES } from './members.tables.ts';

export const memberListParamsSchema = z.strictObject({ organizationId: idSchema('organization') });
export const memberParamsSchema = memberListParamsSchema.extend({ memberId: idSchema('member') });

export const updateMemberSchema = z
  .strictObject({ role: z.enum(ROLES), status: z.enum(MEMBER_STATUSES) })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateMember = z.output<typeof updateMemberSchema>;

export const memberSchema = z
  .object({
    id: idSchema('member'),
    userId: idSchema('user'),
    name: z.string(),
    email: z.string(),
    avatarUrl: z.string().nullable(),
    role: z.enum(ROLES),
    status: z.enum(MEMBER_STATUSES),
    invitedBy: idSchema('user').nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Member');
export type MemberView = z.output<typeof memberSchema>;

export const memberPageSchema = pageSchema(memberSchema).openapi('MemberPage');

/** What every `member.*` effect carries. */
export const memberEventSchema = z.strictObject({
  organizationId: idSchema('organization'),
  memberId: idSchema('member'),
  userId: idSchema('user'),
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
