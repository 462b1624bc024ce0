import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { presenceSchema, PRESENCE_STATUSES } from '../inbox/index.ts';
import { VISIBILITIES } from './presence.enums.ts';

/** Users in one request at most. */
const MAX_USER_IDS = 50;
const example = 'usr_01jd3v7q8gf4kr2x6a0w9mznpe';

const userIds = z.array(idSchema('user')).min(1).max(MAX_USER_IDS) as unknown as z.ZodType<
  string[],
  string[]
>;

export const presenceQuerySchema = z.strictObject({
  userIds: z
    .string()
    .max(2_000)
    .transform((text) => [...new Set(text.split(','))])
    .pipe(userIds)
    .openapi({
      type: 'string',
      description: `User ids, separated by commas, 1 to ${MAX_USER_IDS}.`,
      example: `${example},usr_01jd3v7q8gf4kr2x6a0w9mznpf`,
    }),
});

export const presencesSchema = z
  .object({
    data: z
      .array(presenceSchema)
      .openapi({ description: 'The presence of each active member among the users.' }),
  })
  .openapi('Presences');
export const presencesExample = {
  data: [{ userId: example, status: 'busy' as const, message: 'Back at three' }],
};

export const ownPresenceSchema = z
  .object({
    status: z
      .enum(PRESENCE_STATUSES)
      .openapi({ description: 'Status that the user chose; `online` unless set.' }),
    message: z.string().nullable().openapi({ description: 'Short text for others; null for none.' }),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When status and message are reset; null for never.' }),
    shownStatus: z.enum(PRESENCE_STATUSES).openapi({
      description:
        'Status that is shown to those who may see it: `busy` during a call, `offline` without a connected device.',
    }),
  })
  .openapi('OwnPresence');
export type OwnPresenceView = z.output<typeof ownPresenceSchema>;
export const ownPresenceExample: OwnPresenceView = {
  status: 'dnd',
  message: 'In a workshop',
  expiresAt: '2026-01-05T17:00:00.000Z',
  shownStatus: 'dnd',
};

const settings = {
  visibility: z.enum(VISIBILITIES).openapi({
    description:
      'Users who see the presence: every member of the organization (`everyone`), only members in the address book ' +
      '(`contacts`), or `nobody`. A blocked user never sees it.',
  }),
  screenUnknownCallers: z.boolean().openapi({
    description:
      'Whether rings of members who are not in the address book are silent and only listed as missed; false unless set.',
  }),
  favouritesRingThrough: z.boolean().openapi({
    description: 'Whether favourites ring also while the status is `dnd` (do not disturb); true unless set.',
  }),
};
export const presenceSettingsSchema = z.object(settings).openapi('PresenceSettings');
export type PresenceSettingsView = z.output<typeof presenceSettingsSchema>;
export const updatePresenceSettingsSchema = z
  .strictObject(settings)
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdatePresenceSettings = z.output<typeof updatePresenceSettingsSchema>;
export const presenceSettingsExample: PresenceSettingsView = {
  visibility: 'contacts',
  screenUnknownCallers: true,
  favouritesRingThrough: true,
};

/** The payload of `presence.changed`. */
export const presenceEventSchema = z.object({
  organizationId: idSchema('organization').describe('Id of the organization.'),
  userId: idSchema('user').describe('Id of the user.'),
});
