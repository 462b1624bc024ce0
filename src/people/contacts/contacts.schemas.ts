import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { RELATIONSHIPS } from './contacts.enums.ts';

export const contactParamsSchema = z.strictObject({ contactId: idSchema('contact') });

const external = z.strictObject({
  name: z.string().trim().min(1).max(255),
  /** A telephone number, an e-mail or a SIP address: kept as it is written. */
  address: z.string().trim().min(1).max(320),
});
const tag = z.string().trim().min(1).max(50);
const tags = z
  .array(tag)
  .max(20)
  .transform((all) => [...new Set(all)])
  .openapi({ type: 'array', items: { type: 'string' }, example: ['sales'] });

const details = {
  nickname: z.string().trim().min(1).max(100).nullable(),
  relationship: z.enum(RELATIONSHIPS),
  favourite: z.boolean(),
  tags,
  notes: z.string().max(2000).nullable(),
  blocked: z.boolean(),
};

const identifiesOnePerson = (value: object) =>
  ['userId', 'email', 'external'].filter((key) => value[key as keyof object] !== undefined).length === 1;

/** Who it is, in exactly one of three ways, and what the owner makes of them. */
export const createContactSchema = z
  .strictObject({
    userId: idSchema('user').optional(),
    email: z.email().max(320).optional().openapi({ example: 'ann@example.com' }),
    external: external.optional(),
    ...z.strictObject(details).partial().shape,
  })
  .refine(identifiesOnePerson, 'must name the person by exactly one of userId, email and external');
export type CreateContact = z.output<typeof createContactSchema>;

export const updateContactSchema = z
  .strictObject({ ...details, external: external.partial() })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateContact = z.output<typeof updateContactSchema>;

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional()
  .openapi({ type: 'string', enum: ['true', 'false'] });

export const contactQuerySchema = pageQuerySchema.extend({
  favourite: flag,
  blocked: flag,
  tag: tag.optional().openapi({ example: 'sales' }),
  /** Part of a name, a nickname, an e-mail address or an external address. */
  q: z.string().trim().min(1).max(100).optional().openapi({ example: 'ann' }),
});
export type ContactQuery = z.output<typeof contactQuerySchema>;

export const contactSchema = z
  .object({
    id: idSchema('contact'),
    kind: z.enum(['person', 'external']),
    /** Null for an external entry. */
    userId: idSchema('user').nullable(),
    /** Their own name, or that of the external entry; null once they have left the organization. */
    name: z.string().nullable(),
    email: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    /** Null for a person with an account. */
    address: z.string().nullable(),
    nickname: z.string().nullable(),
    relationship: z.enum(RELATIONSHIPS),
    favourite: z.boolean(),
    tags: z.array(z.string()),
    notes: z.string().nullable(),
    blocked: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Contact');
export type ContactView = z.output<typeof contactSchema>;
export const contactPageSchema = pageSchema(contactSchema).openapi('ContactPage');

/** What every `contact.*` effect carries. */
export const contactEventSchema = z.strictObject({
  organizationId: idSchema('organization'),
  userId: idSchema('user'),
  contactId: idSchema('contact'),
});

/** What `contact.blocked` carries: who blocks whom. */
export const contactBlockedEventSchema = z.strictObject({
  organizationId: idSchema('organization'),
  userId: idSchema('user'),
  blockedUserId: idSchema('user'),
});

export const contactExample: ContactView = {
  id: 'con_01jd3v7q8gf4kr2x6a0w9mznpe',
  kind: 'external',
  userId: null,
  name: 'Front desk',
  email: null,
  avatarUrl: null,
  address: '+44 20 7946 0958',
  nickname: null,
  relationship: 'colleague',
  favourite: true,
  tags: ['sales'],
  notes: null,
  blocked: false,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
