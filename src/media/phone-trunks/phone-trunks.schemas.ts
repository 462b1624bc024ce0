import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { TRUNK_TRANSPORTS } from './phone-trunks.enums.ts';

const phoneTrunkId = idSchema('phoneTrunk').openapi({ description: 'Id of the trunk.' });
export const phoneTrunkParamsSchema = z.strictObject({ phoneTrunkId });

/** A number of the public telephone network. Numbers for emergencies have no such form, and cannot be called. */
export const phoneNumberSchema = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'must be a number in the international form, such as +493012345678')
  .openapi({ example: '+493012345678' });

const name = lineSchema(100).openapi({ description: 'Name for people, 1 to 100 characters.' });
const enabled = z
  .boolean()
  .openapi({ description: 'Whether it may be used. Switching it off ends the telephone calls through it.' });
const address = z
  .string()
  .max(253)
  .regex(/^[a-z\d.-]+(?::\d{1,5})?$/, 'must be a host in lower case, with a port or without one')
  .openapi({
    description:
      'Host of the provider, in lower case, up to 253 characters. Without a port it is 5060; otherwise 5060, 5061, 5062, 5070, 5080, 5081 ' +
      'or 5090. The host must be on the public internet.',
    example: 'sip.provider.example',
  });
const transport = z.enum(TRUNK_TRANSPORTS).openapi({
  description: 'How requests are sent: `auto` takes what works, `tls` encrypts them.',
});
const unique = (list: readonly string[]) => new Set(list).size === list.length;
const numbers = z
  .array(phoneNumberSchema)
  .min(1)
  .max(50)
  .refine(unique, 'must not contain the same number twice')
  .openapi({
    description:
      'Your numbers at the provider, 1 to 50. People who are called see one of them, by default the first.',
  });
/** Prefixes of numbers. */
export const prefixesSchema = z
  .array(z.string().regex(/^\+[1-9]\d{0,7}$/, 'must be the beginning of a number, such as +49'))
  .max(100)
  .refine(unique, 'must not contain the same prefix twice');
const allowedPrefixes = prefixesSchema.openapi({
  description:
    'Prefixes of the numbers that may be called: country codes, or more digits; up to 100. An empty list allows no number.',
  example: ['+49', '+4420'],
});
const username = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters')
  .openapi({ description: 'User name at the provider, 1 to 128 visible ASCII characters.' });
const password = z
  .string()
  .regex(/^[\x21-\x7e]{1,256}$/, 'must be 1 to 256 visible ASCII characters')
  .openapi({
    description:
      'Password at the provider, 1 to 256 visible ASCII characters. It is stored encrypted and never returned.',
  });

/** How the other end of a line identifies itself, or we there. */
export const credentialSchemas = { username, password };

export const createPhoneTrunkSchema = z
  .strictObject({
    name,
    enabled: enabled.default(true),
    address,
    transport: transport.default('auto'),
    numbers,
    allowedPrefixes: allowedPrefixes.default([]),
    username: username.optional(),
    password: password.optional(),
  })
  .refine(({ username: user, password: secret }) => (user === undefined) === (secret === undefined), {
    path: ['password'],
    message: 'is needed with a user name, and must be left out without one',
  });
export type CreatePhoneTrunk = z.output<typeof createPhoneTrunkSchema>;

export const updatePhoneTrunkSchema = z
  .strictObject({ name, enabled, transport, numbers, allowedPrefixes, username, password })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something')
  .refine(({ username: user, password: secret }) => user === undefined || secret !== undefined, {
    path: ['password'],
    message: 'is needed with another user name',
  });
export type UpdatePhoneTrunk = z.output<typeof updatePhoneTrunkSchema>;

export const phoneTrunkSchema = z
  .object({
    id: phoneTrunkId,
    name: z.string().openapi({ description: 'Name for people.' }),
    enabled,
    address: z.string().openapi({ description: 'Host of the provider.' }),
    transport,
    numbers: z.array(z.string()).openapi({ description: 'Numbers of yours at the provider.' }),
    allowedPrefixes: z.array(z.string()).openapi({
      description: 'Prefixes of the numbers that may be called; an empty list allows no number.',
    }),
    username: z.string().nullable().openapi({ description: 'User name at the provider; null for none.' }),
    createdBy: idSchema('user').nullable().openapi({
      description: 'User who added it; null for an API key, and after the user was deleted.',
    }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was added.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When it was last changed.' }),
  })
  .openapi('PhoneTrunk');
export type PhoneTrunkView = z.output<typeof phoneTrunkSchema>;
export const phoneTrunkPageSchema = pageSchema(phoneTrunkSchema).openapi('PhoneTrunkPage');

export const createPhoneTrunkExample = {
  name: 'Main line',
  address: 'sip.provider.example',
  transport: 'tls',
  numbers: ['+493012345678'],
  allowedPrefixes: ['+49'],
  username: 'northwind',
  password: 'an-example-password',
} satisfies z.input<typeof createPhoneTrunkSchema>;
const { password: _notShown, ...shownExample } = createPhoneTrunkExample;
export const phoneTrunkExample: PhoneTrunkView = {
  ...shownExample,
  id: exampleId('phoneTrunk'),
  enabled: true,
  createdBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
