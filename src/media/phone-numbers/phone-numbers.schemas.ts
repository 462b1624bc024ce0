import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { credentialSchemas, phoneNumberSchema, prefixesSchema } from '../phone-trunks/index.ts';
import { PHONE_NUMBER_REASONS, PHONE_NUMBER_STATES } from './phone-numbers.enums.ts';
import { toNetwork } from './phone-numbers.rules.ts';

const phoneNumberId = idSchema('phoneNumber').openapi({ description: 'Id of the phone number.' });
export const phoneNumberParamsSchema = z.strictObject({ phoneNumberId });

const name = lineSchema(100).openapi({ description: 'Name for people, 1 to 100 characters.' });
const enabled = z
  .boolean()
  .openapi({ description: 'Whether it takes calls. Switching it off ends those that came in by it.' });
const number = phoneNumberSchema.openapi({
  description: 'The number, in the international form. It belongs to one organization.',
});
const allowedNetworks = z
  .array(
    z
      .string()
      .max(43)
      .refine(
        (text) => toNetwork(text) !== null,
        'must be an IP address or a network, such as 192.0.2.0/24, of at most 65,536 addresses of IPv4',
      ),
  )
  .max(50)
  .openapi({
    description:
      'Addresses or networks of your provider that calls come from, up to 50. A sender can forge an address more easily than a password; an ' +
      'empty list allows every address, and needs a user name with a password.',
    example: ['192.0.2.0/24'],
  });
const transferPrefixes = prefixesSchema.openapi({
  description:
    'Prefixes of the numbers that callers may be transferred to; up to 100. An empty list allows no transfer.',
  example: ['+49'],
});
const { username, password } = credentialSchemas;

export const createPhoneNumberSchema = z
  .strictObject({
    name,
    number,
    enabled: enabled.default(true),
    allowedNetworks: allowedNetworks.default([]),
    transferPrefixes: transferPrefixes.default([]),
    username: username.optional(),
    password: password.optional(),
  })
  .refine(({ username: user, password: secret }) => (user === undefined) === (secret === undefined), {
    path: ['password'],
    message: 'is needed with a user name, and must be left out without one',
  })
  .refine(({ username: user, allowedNetworks: networks }) => user !== undefined || networks.length > 0, {
    path: ['allowedNetworks'],
    message: 'must name a network, unless there is a user name with a password',
  });
export type CreatePhoneNumber = z.output<typeof createPhoneNumberSchema>;

export const updatePhoneNumberSchema = z
  .strictObject({ name, enabled, allowedNetworks, transferPrefixes, username, password })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something')
  .refine(({ username: user, password: secret }) => user === undefined || secret !== undefined, {
    path: ['password'],
    message: 'is needed with another user name',
  });
export type UpdatePhoneNumber = z.output<typeof updatePhoneNumberSchema>;

export const phoneNumberViewSchema = z
  .object({
    id: phoneNumberId,
    name: z.string().openapi({ description: 'Name for people.' }),
    number: z.string().openapi({ description: 'The number that is called.' }),
    enabled,
    allowedNetworks: z.array(z.string()).openapi({ description: 'Networks that calls come from.' }),
    transferPrefixes: z
      .array(z.string())
      .openapi({ description: 'Prefixes of the numbers that callers may be transferred to.' }),
    username: z
      .string()
      .nullable()
      .openapi({ description: 'User name that the provider sends; null for none.' }),
    cluster: z.string().openapi({ description: 'Media cluster that your provider sends the calls to.' }),
    state: z.enum(PHONE_NUMBER_STATES).openapi({
      description:
        '`requested`: the media server will have it within seconds. `ready`: it takes calls. `off`, `failed`: `reason` says why.',
    }),
    reason: z
      .enum(PHONE_NUMBER_REASONS)
      .nullable()
      .openapi({
        description:
          'Why it takes no calls. `disabled`: it is switched off. `not_included`: the plan does not include telephony. ' +
          '`organization_deleted`. `no_cluster`: its media cluster no longer exists. `refused`: the media server did not ' +
          'accept it. `password_unreadable`: it needs a new password.',
      }),
    createdBy: idSchema('user').nullable().openapi({
      description: 'User who added it; null for an API key, and after the user was deleted.',
    }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was added.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When it was last changed.' }),
  })
  .openapi('PhoneNumber');
export type PhoneNumberView = z.output<typeof phoneNumberViewSchema>;
export const phoneNumberPageSchema = pageSchema(phoneNumberViewSchema).openapi('PhoneNumberPage');

export const createPhoneNumberExample = {
  name: 'Main line',
  number: '+493012345678',
  allowedNetworks: ['192.0.2.0/24'],
  username: 'northwind',
  password: 'an-example-password',
} satisfies z.input<typeof createPhoneNumberSchema>;
const { password: _notShown, ...shownExample } = createPhoneNumberExample;
export const phoneNumberExample: PhoneNumberView = {
  ...shownExample,
  id: exampleId('phoneNumber'),
  enabled: true,
  transferPrefixes: [],
  cluster: 'default',
  state: 'ready',
  reason: null,
  createdBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
