import { z } from '@hono/zod-openapi';
import {
  idSchema,
  lineSchema,
  linesSchema,
  metadataChangeSchema,
  metadataSchema,
  momentSchema,
  orderedPageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { PEOPLE_ROLES, roomIdSchema } from '../rooms/index.ts';
import { LINK_ACCESS, LINK_TYPES } from './links.tables.ts';

const YEAR_SECONDS = 366 * 86_400;

export const linkParamsSchema = z.strictObject({ linkId: idSchema('link').describe('The link.') });

const title = lineSchema(255)
  .nullable()
  .describe('Title on the join page, 1 to 255 characters; null for the name of the room.');
const description = linesSchema(2000)
  .nullable()
  .describe('Text on the join page, 1 to 2,000 characters; null for none.');
const password = z.string().min(4).max(128);
const maxUses = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .describe('How many people can join through the link: 1 to 1,000,000; null for no limit.');
const expiresAt = momentSchema.nullable();
const expiresInSeconds = z
  .number()
  .int()
  .min(60)
  .max(YEAR_SECONDS)
  .describe('Seconds until the link expires, 60 to 31,622,400; not together with `expiresAt`.');
const access = z
  .enum(LINK_ACCESS)
  .describe(
    '`public` for anybody who has the link, `password` for those who also know the password, `restricted` for members ' +
      'of the organization',
  );
const defaultRole = z.enum(PEOPLE_ROLES).describe('Role of people who join through the link.');
const type = z
  .enum(LINK_TYPES)
  .describe(
    '`room`, `call` for a link to one call, or `agent` for a conversation with an agent in the room.',
  );

/** What people who join through a link can do there, as it is given on creation and update. */
const switches = {
  enableRecording: z
    .boolean()
    .describe('Whether people who join through the link can record, if the room allows it.'),
  enableScreenShare: z
    .boolean()
    .describe('Whether people who join through the link can share their screens, if the room allows it.'),
  enableChat: z
    .boolean()
    .describe('Whether people who join through the link can use the chat, if the room has one.'),
  autoJoin: z
    .boolean()
    .describe('Whether people who join through the link enter the call without a click on the join page.'),
  requireApproval: z
    .boolean()
    .describe(
      'Whether people who join through the link wait until a host or moderator admits them, also in a room without a ' +
        'lobby. Switching it off admits those who wait.',
    ),
};
const isActive = z.boolean().describe('Whether people can join through the link; false deactivates it.');
const setExpiresAt = expiresAt.describe('When the link expires, in the future; null for never.');

const singleExpiryRule = {
  check: (body: { expiresAt?: unknown; expiresInSeconds?: unknown }) =>
    body.expiresAt === undefined || body.expiresInSeconds === undefined,
  message: { path: ['expiresInSeconds'], message: 'must not be set together with expiresAt' },
};

/** The fields of a request that contradict each other. */
function* findContradictions(body: {
  roomId?: string | undefined;
  callId?: string | undefined;
  type?: (typeof LINK_TYPES)[number] | undefined;
  access?: (typeof LINK_ACCESS)[number] | undefined;
  password?: string | undefined;
}): Generator<{ path: string[]; message: string }> {
  if ((body.roomId === undefined) === (body.callId === undefined))
    yield { path: ['roomId'], message: 'must be set unless callId is; not both' };
  if (body.type !== undefined && (body.type === 'call') !== (body.callId !== undefined))
    yield { path: ['type'], message: 'must be call if and only if callId is set' };
  if (body.access === 'password' && body.password === undefined)
    yield { path: ['password'], message: 'must be set when access is password' };
  if (body.access !== undefined && body.access !== 'password' && body.password !== undefined)
    yield { path: ['password'], message: 'must not be set unless access is password' };
}

export const createLinkSchema = z
  .strictObject({
    roomId: roomIdSchema.optional().describe('The room to lead to; either this or `callId` is required.'),
    callId: idSchema('call').optional().describe('The open call to lead to, for a link that ends with it.'),
    type: type
      .optional()
      .describe('`room`, `call` if and only if `callId` is set, or `agent`; by default `call` or `room`.'),
    title: title.default(null),
    description: description.default(null),
    access: access
      .optional()
      .describe(
        '`public`, `password` or `restricted` to members of the organization; by default `password` if a password is ' +
          'given, else `public`',
      ),
    password: password
      .optional()
      .describe(
        'The password, 4 to 128 characters; required if `access` is `password`, otherwise not allowed.',
      ),
    maxUses: maxUses.default(null),
    expiresAt: setExpiresAt.optional(),
    expiresInSeconds: expiresInSeconds.optional(),
    enableRecording: switches.enableRecording.default(false),
    enableScreenShare: switches.enableScreenShare.default(true),
    enableChat: switches.enableChat.default(true),
    autoJoin: switches.autoJoin.default(false),
    requireApproval: switches.requireApproval.default(false),
    defaultRole: defaultRole
      .optional()
      .describe("Role of people who join through the link; by default the room's default for guests."),
    metadata: metadataSchema.default({}),
    isActive: isActive.default(true),
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
    password: password
      .nullable()
      .describe(
        'A new password, 4 to 128 characters; null removes it and makes the link public, unless access is set.',
      ),
    maxUses,
    expiresAt: setExpiresAt,
    expiresInSeconds,
    ...switches,
    defaultRole,
    metadata: metadataChangeSchema,
    isActive,
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something')
  .refine(singleExpiryRule.check, singleExpiryRule.message);
export type UpdateLink = z.output<typeof updateLinkSchema>;

export const linkQuerySchema = orderedPageQuerySchema.extend({
  roomId: roomIdSchema.optional().describe('Lists the links of this room only.'),
  active: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({
      example: 'true',
      description: '`true`: only links through which people can join now; `false`: only the others.',
    }),
});
export type LinkQuery = z.output<typeof linkQuerySchema>;

const count = z.number().int();

export const linkSchema = z
  .object({
    id: idSchema('link').describe('Id of the link.'),
    type,
    roomId: roomIdSchema.describe('The room that the link leads to.'),
    callId: idSchema('call')
      .nullable()
      .describe('The one call that the link leads to; null for any call of the room.'),
    code: z.string().describe('The code, which is the credential of the people who join through the link.'),
    url: z.url().describe('Address of the page where people join.'),
    status: z
      .enum(['active', 'inactive', 'expired', 'exhausted'])
      .describe(
        '`active`, or why no newcomer can join through the link; `exhausted` when `maxUses` is reached.',
      ),
    title,
    description,
    access,
    maxUses,
    uses: count.describe('How many people have joined through the link, or entered the lobby.'),
    clicks: count.describe('How many times the link was followed.'),
    uniqueVisitors: count.describe('Number of different networks that followed the link.'),
    ...switches,
    defaultRole,
    isActive,
    metadata: metadataSchema,
    expiresAt: expiresAt.describe('When the link expires; null for never.'),
    lastUsedAt: z.iso
      .datetime()
      .nullable()
      .describe('When somebody last joined through the link; null for never.'),
    createdBy: z.string().describe('Id of the user or API key that created the link.'),
    createdAt: z.iso.datetime().describe('When the link was created.'),
    updatedAt: z.iso.datetime().describe('When the link was last changed.'),
  })
  .openapi('Link');
export type LinkView = z.output<typeof linkSchema>;
export const linkPageSchema = pageSchema(linkSchema).openapi('LinkPage');
