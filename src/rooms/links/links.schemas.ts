import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { PEOPLE_ROLES, roomIdSchema } from '../rooms/index.ts';
import { LINK_ACCESS, LINK_TYPES } from './links.tables.ts';

const YEAR_SECONDS = 366 * 86_400;

export const linkParamsSchema = z.strictObject({ linkId: idSchema('link') });

const title = z.string().trim().min(1).max(255).nullable();
const description = z.string().trim().min(1).max(2000).nullable();
const password = z.string().min(4).max(128);
const maxUses = z.number().int().min(1).max(1_000_000).nullable();
const expiresAt = z.iso.datetime().nullable();
const expiresInSeconds = z.number().int().min(60).max(YEAR_SECONDS);
const metadata = z
  .record(z.string().min(1).max(64), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 entries');
const access = z.enum(LINK_ACCESS);
const defaultRole = z.enum(PEOPLE_ROLES);

const singleExpiryRule = {
  check: (body: { expiresAt?: unknown; expiresInSeconds?: unknown }) =>
    body.expiresAt === undefined || body.expiresInSeconds === undefined,
  message: { path: ['expiresInSeconds'], message: 'must not stand beside expiresAt' },
};

/** The words of what is asked for, where they contradict each other. */
function* findContradictions(body: {
  roomId?: string | undefined;
  callId?: string | undefined;
  type?: (typeof LINK_TYPES)[number] | undefined;
  access?: (typeof LINK_ACCESS)[number] | undefined;
  password?: string | undefined;
}): Generator<{ path: string[]; message: string }> {
  if ((body.roomId === undefined) === (body.callId === undefined))
    yield { path: ['roomId'], message: 'must be named, or callId must be; not both' };
  if (body.type !== undefined && (body.type === 'call') !== (body.callId !== undefined))
    yield { path: ['type'], message: 'must be call for a call, and only then' };
  if (body.access === 'password' && body.password === undefined)
    yield { path: ['password'], message: 'must be given where access is password' };
  if (body.access !== undefined && body.access !== 'password' && body.password !== undefined)
    yield { path: ['password'], message: 'must not be given where access is not password' };
}

export const createLinkSchema = z
  .strictObject({
    roomId: roomIdSchema.optional(),
    /** For a link to one call alone, in place of the room. */
    callId: idSchema('call').optional(),
    /** By default call for a call, else room. */
    type: z.enum(LINK_TYPES).optional(),
    title: title.default(null),
    description: description.default(null),
    /** By default password where one is given, else public. */
    access: access.optional(),
    password: password.optional(),
    maxUses: maxUses.default(null),
    expiresAt: expiresAt.optional(),
    expiresInSeconds: expiresInSeconds.optional(),
    enableRecording: z.boolean().default(false),
    enableScreenShare: z.boolean().default(true),
    enableChat: z.boolean().default(true),
    autoJoin: z.boolean().default(false),
    requireApproval: z.boolean().default(false),
    /** By default the room's for guests. */
    defaultRole: defaultRole.optional(),
    metadata: metadata.default({}),
    isActive: z.boolean().default(true),
  })
  .refine(singleExpiryRule.check, singleExpiryRule.message)
  .superRefine((body, issues) => {
    for (const issue of findContradictions(body)) issues.addIssue({ code: 'custom', ...issue });
  });
export type CreateLink = z.output<typeof createLinkSchema>;

export const updateLinkSchema = z
  .strictObject({
    title,
    description,
    access,
    /** Null takes it away: the link is public then, unless access says otherwise. */
    password: password.nullable(),
    maxUses,
    expiresAt,
    expiresInSeconds,
    enableRecording: z.boolean(),
    enableScreenShare: z.boolean(),
    enableChat: z.boolean(),
    autoJoin: z.boolean(),
    requireApproval: z.boolean(),
    defaultRole,
    metadata,
    isActive: z.boolean(),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something')
  .refine(singleExpiryRule.check, singleExpiryRule.message);
export type UpdateLink = z.output<typeof updateLinkSchema>;

export const linkQuerySchema = pageQuerySchema.extend({
  roomId: roomIdSchema.optional(),
  active: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({ example: 'true', description: 'Whether newcomers get in by it now' }),
});
export type LinkQuery = z.output<typeof linkQuerySchema>;

export const linkSchema = z
  .object({
    id: idSchema('link'),
    type: z.enum(LINK_TYPES),
    roomId: roomIdSchema,
    callId: idSchema('call').nullable(),
    code: z.string(),
    /** Where the page is at which guests join. */
    url: z.url(),
    status: z.enum(['active', 'inactive', 'expired', 'exhausted']),
    title,
    description,
    access,
    maxUses,
    uses: z.number().int(),
    clicks: z.number().int(),
    uniqueVisitors: z.number().int(),
    enableRecording: z.boolean(),
    enableScreenShare: z.boolean(),
    enableChat: z.boolean(),
    autoJoin: z.boolean(),
    requireApproval: z.boolean(),
    defaultRole,
    isActive: z.boolean(),
    metadata,
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Link');
export type LinkView = z.output<typeof linkSchema>;
export const linkPageSchema = pageSchema(linkSchema).openapi('LinkPage');

export const linkExample: LinkView = {
  id: 'lnk_01jd3v7q8gf4kr2x6a0w9mznpe',
  type: 'room',
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  callId: null,
  code: '7m3k9q2xw4hd',
  url: 'https://api.auralink.example/join/7m3k9q2xw4hd',
  status: 'active',
  title: 'Support',
  description: 'Talk to us about your order.',
  access: 'password',
  maxUses: 20,
  uses: 3,
  clicks: 9,
  uniqueVisitors: 5,
  enableRecording: false,
  enableScreenShare: true,
  enableChat: true,
  autoJoin: false,
  requireApproval: true,
  defaultRole: 'participant',
  isActive: true,
  metadata: {},
  expiresAt: '2026-02-05T09:30:00.000Z',
  lastUsedAt: '2026-01-05T10:30:00.000Z',
  createdBy: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
