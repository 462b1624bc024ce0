import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { presenceSchema, PRESENCE_STATUSES } from '../inbox/index.ts';
import { VISIBILITIES } from './presence.enums.ts';

/** How many people one call asks about. */
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
      description: `At most ${MAX_USER_IDS} ids, separated by commas`,
      example: `${example},usr_01jd3v7q8gf4kr2x6a0w9mznpf`,
    }),
});

export const presencesSchema = z.object({ data: z.array(presenceSchema) }).openapi('Presences');
export const presencesExample = {
  data: [{ userId: example, status: 'busy' as const, message: 'Back at three' }],
};

export const ownPresenceSchema = z
  .object({
    /** As the person chose. */
    status: z.enum(PRESENCE_STATUSES),
    message: z.string().nullable(),
    expiresAt: z.iso.datetime().nullable(),
    /** As those see it who may: by devices and calls as well. */
    shownStatus: z.enum(PRESENCE_STATUSES),
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
  /** Who sees the person's presence; who is blocked never does. */
  visibility: z.enum(VISIBILITIES),
  /** People who are not in the person's address book do not ring; they leave a missed ring. */
  screenUnknownCallers: z.boolean(),
  /** Favourites ring also while the person is not to be disturbed. */
  favouritesRingThrough: z.boolean(),
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

/** What `presence.changed` carries. */
export const presenceEventSchema = z.strictObject({
  organizationId: idSchema('organization'),
  userId: idSchema('user'),
});
