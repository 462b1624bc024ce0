import { z } from '@hono/zod-openapi';
import {
  idSchema,
  lineSchema,
  linesOrEmptySchema,
  pageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { emailSchema } from '../../identity/users/index.ts';
import { RELATIONSHIPS } from './contacts.enums.ts';

const contactIdSchema = idSchema('contact').openapi({ description: 'Id of the contact.' });
export const contactParamsSchema = z.strictObject({ contactId: contactIdSchema });

const external = z.strictObject({
  name: lineSchema(255).openapi({ description: 'Name, 1 to 255 characters.' }),
  address: lineSchema(320).openapi({
    description: 'Phone number, email or SIP address, 1 to 320 characters. It is stored as written.',
  }),
});
const tag = lineSchema(50);
const tags = z
  .array(tag)
  .max(20)
  .transform((all) => [...new Set(all)])
  .openapi({
    type: 'array',
    items: { type: 'string' },
    description: 'Labels for filtering, at most 20 of 1 to 50 characters each.',
    example: ['sales'],
  });

const details = {
  nickname: lineSchema(100).nullable().openapi({
    description: 'Name that the owner uses for the contact, 1 to 100 characters; null for none.',
  }),
  relationship: z
    .enum(RELATIONSHIPS)
    .openapi({ description: 'What the contact is to the owner; `colleague` unless set.' }),
  favourite: z.boolean().openapi({ description: 'Whether the contact is a favourite.' }),
  tags,
  notes: linesOrEmptySchema(2000)
    .nullable()
    .openapi({ description: 'Notes of the owner, at most 2,000 characters; null for none.' }),
  blocked: z.boolean().openapi({ description: 'Whether the contact is blocked.' }),
};

const identifiesOnePerson = (value: object) =>
  ['userId', 'email', 'external'].filter((key) => value[key as keyof object] !== undefined).length === 1;

/** Identifies the contact in exactly one of three ways. */
export const createContactSchema = z
  .strictObject({
    userId: idSchema('user').optional().openapi({
      description:
        'User id of a member of the organization. Exactly one of `userId`, `email` and `external` is set.',
    }),
    email: emailSchema.optional().openapi({
      description: 'Email address of a member of the organization.',
      example: 'ann@example.com',
    }),
    external: external
      .optional()
      .openapi({ description: 'A contact without an account in the organization.' }),
    ...z.strictObject(details).partial().shape,
  })
  .refine(identifiesOnePerson, 'must have exactly one of userId, email and external');
export type CreateContact = z.output<typeof createContactSchema>;

export const updateContactSchema = z
  .strictObject({
    ...details,
    external: external.partial().openapi({ description: 'New name or address of an external contact.' }),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateContact = z.output<typeof updateContactSchema>;

const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({ type: 'string', enum: ['true', 'false'], description });

export const contactQuerySchema = pageQuerySchema.extend({
  favourite: flag('`true` for favourites only, `false` for all others.'),
  blocked: flag('`true` for blocked contacts only, `false` for all others.'),
  tag: tag.optional().openapi({ description: 'Only contacts with this tag.', example: 'sales' }),
  q: lineSchema(100).optional().openapi({
    description:
      'Only contacts whose name, nickname, email or address contains this text, in any letter case.',
    example: 'ann',
  }),
});
export type ContactQuery = z.output<typeof contactQuerySchema>;

export const contactSchema = z
  .object({
    id: contactIdSchema,
    kind: z.enum(['person', 'external']).openapi({
      description: '`person` for a user of the organization, `external` for a contact without an account.',
    }),
    userId: idSchema('user')
      .nullable()
      .openapi({ description: 'User id of the contact; null for an external contact.' }),
    name: z.string().nullable().openapi({
      description:
        "The user's name, or that of the external contact; null after the user left the organization.",
    }),
    email: z.string().nullable().openapi({
      description:
        "The user's email address; null for an external contact, and after the user left the organization.",
    }),
    avatarUrl: z.string().nullable().openapi({ description: "URL of the user's picture; null for none." }),
    address: z.string().nullable().openapi({
      description: 'Phone number, email or SIP address of an external contact; null for a user.',
    }),
    nickname: z
      .string()
      .nullable()
      .openapi({ description: 'Name that the owner uses for the contact; null for none.' }),
    relationship: details.relationship,
    favourite: details.favourite,
    tags: z.array(z.string()).openapi({ description: 'Labels for filtering.' }),
    notes: z.string().nullable().openapi({ description: 'Notes of the owner; null for none.' }),
    blocked: details.blocked,
    createdAt: z.iso.datetime().openapi({ description: 'When the contact was added.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When the contact was last changed.' }),
  })
  .openapi('Contact');
export type ContactView = z.output<typeof contactSchema>;
export const contactPageSchema = pageSchema(contactSchema).openapi('ContactPage');

/** The payload of `contact.created`, `contact.updated` and `contact.deleted`. */
export const contactEventSchema = z.object({
  organizationId: idSchema('organization'),
  userId: idSchema('user'),
  contactId: idSchema('contact'),
});

/** The payload of `contact.blocked`. */
export const contactBlockedEventSchema = z.object({
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
