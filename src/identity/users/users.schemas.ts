import { z } from '@hono/zod-openapi';
import {
  idSchema,
  lineSchema,
  linesOrEmptySchema,
  metadataChangeSchema,
  metadataSchema,
  timeZoneSchema,
} from '../../kernel/core/index.ts';
import { canonicalEmail } from './email.rules.ts';

const MAX_ENTERED_EMAIL = 320;

/** An email address as it is entered, wherever one is; becomes the canonical form. */
export const emailSchema = z
  .string()
  .max(MAX_ENTERED_EMAIL)
  .overwrite((text) => canonicalEmail(text) ?? text)
  .refine((text) => canonicalEmail(text) === text, {
    error: 'must be an email address such as ada@northwind.example',
    abort: true,
  })
  .openapi({
    description:
      'Email address of any script, at most 254 bytes. It is stored and compared in one form: lower case, the domain as ' +
      'ASCII (`xn--…`). Before the `@`, characters of scripts that look alike, such as Latin and Cyrillic, are not mixed.',
    example: 'ada@northwind.example',
  });
export const userNameSchema = lineSchema(255).openapi({
  description: 'Name that others see, 1 to 255 characters.',
});

const locale = z
  .string()
  .max(35)
  .refine((tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length === 1;
    } catch {
      return false;
    }
  }, 'must be a language tag such as en or pt-BR')
  .openapi({
    description: 'Preferred language: a BCP 47 tag such as `en` or `pt-BR`, at most 35 characters.',
  });
const timeZone = timeZoneSchema.openapi({
  description: 'IANA time zone such as `Europe/Madrid`, at most 64 characters.',
});

const AVATAR_DESCRIPTION = 'HTTPS URL of a picture, at most 2,048 characters; null for none.';
const BIO_DESCRIPTION = 'Short text about the user, at most 2,000 characters; null for none.';

export const updateUserSchema = z
  .strictObject({
    name: userNameSchema,
    avatarUrl: z
      .url({ protocol: /^https$/, error: 'must be an https URL' })
      .max(2048)
      .nullable()
      .openapi({ description: AVATAR_DESCRIPTION }),
    bio: linesOrEmptySchema(2000).nullable().openapi({ description: BIO_DESCRIPTION }),
    locale,
    timeZone,
    metadata: metadataChangeSchema,
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateUser = z.output<typeof updateUserSchema>;

export const userSchema = z
  .object({
    id: idSchema('user').openapi({ description: 'Id of the user.' }),
    email: z
      .string()
      .openapi({ description: 'Email address the user logs in with, in lower case, the domain as ASCII.' }),
    emailVerified: z
      .boolean()
      .openapi({ description: 'Whether the user has proved that they receive email at this address.' }),
    name: z.string().openapi({ description: 'Name that others see.' }),
    avatarUrl: z.string().nullable().openapi({ description: AVATAR_DESCRIPTION }),
    bio: z.string().nullable().openapi({ description: BIO_DESCRIPTION }),
    locale: z.string().openapi({ description: 'Preferred language: a BCP 47 tag.' }),
    timeZone: z.string().openapi({ description: 'IANA time zone.' }),
    metadata: metadataSchema,
    createdAt: z.iso.datetime().openapi({ description: 'When the account was created.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When the user was last changed.' }),
    lastLoginAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the user last signed up or logged in; null if never.' }),
  })
  .openapi('User', { description: 'A user, with all fields that only they can see.' });
export type UserView = z.output<typeof userSchema>;

/** The payload of the events about a user; a subscriber reads the rest itself. */
export const userEventSchema = z.object({ userId: idSchema('user').describe('Id of the user.') });

export const userExample: UserView = {
  id: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  email: 'ada@northwind.example',
  emailVerified: true,
  name: 'Ada',
  avatarUrl: null,
  bio: null,
  locale: 'en',
  timeZone: 'UTC',
  metadata: {},
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
  lastLoginAt: '2026-01-05T09:30:00.000Z',
};
