import { z } from '@hono/zod-openapi';
import { lineSchema, momentSince1970Schema, timeZoneSchema } from '../../kernel/core/index.ts';
import { isRecurrence } from '../../kernel/recurrence/index.ts';
import { AUTOMATIC_RECORDINGS, PEOPLE_ROLES, RECORDING_CONSENTS } from './rooms.enums.ts';

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

const capacity = z
  .number()
  .int()
  .min(1)
  .max(1_000)
  .describe(
    'How many people can be in a call at once: 1 to 1,000, at most 2 in a one_to_one room. Agents and observers do ' +
      'not count. A full room still admits its hosts (a one_to_one room its creator).',
  );
export const featuresSchema = z.strictObject({
  recording: z.boolean().describe('Whether calls can be recorded and streamed live.'),
  screenShare: z.boolean().describe('Whether participants can share their screens.'),
  chat: z.boolean().describe('Whether the room has a chat.'),
  files: z.boolean().describe('Whether files can be shared.'),
  captions: z.boolean().describe('Whether captions can be shown.'),
});
const defaultRole = z.enum(PEOPLE_ROLES);
export const defaultRolesSchema = z.strictObject({
  member: defaultRole.describe(
    'Role of members of the organization without a role of their own in the room.',
  ),
  guest: defaultRole.describe(
    'Role that new share links of the room give to guests unless they name another.',
  ),
});
export const occurrenceDurationSchema = z.number().int().min(60).max(WEEK_SECONDS);
const schedule = z
  .strictObject({
    startsAt: momentSince1970Schema.describe('Start of the first occurrence, not before 1970.'),
    durationSeconds: occurrenceDurationSchema.describe('Length of an occurrence in seconds, 60 to 604,800.'),
    timeZone: timeZoneSchema.describe(
      'Time zone that the recurrence follows, as an IANA name such as Europe/Madrid.',
    ),
    rrule: z
      .string()
      .max(500)
      .refine(isRecurrence, 'must be a recurrence rule such as FREQ=WEEKLY;BYDAY=MO, daily to yearly')
      .optional()
      .describe(
        'Recurrence rule of RFC 5545 without DTSTART, daily to yearly; absent for a single occurrence.',
      ),
  })
  .nullable()
  .describe('When the room is meant to be used; it neither opens nor closes the room. Null for no schedule.');
const tags = z
  .array(lineSchema(50))
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'must not hold a tag twice')
  .describe('Labels to filter rooms by: at most 20, each of 1 to 50 characters. Not shown to guests.');

/** The settings of a room, as they are given when it is created and updated. */
export const roomSettings = {
  name: lineSchema(255).describe('Name of the room, 1 to 255 characters.'),
  capacity,
  features: featuresSchema.partial(),
  defaultRoles: defaultRolesSchema.partial(),
  lobby: z
    .boolean()
    .describe(
      'Whether people other than hosts and moderators wait in the lobby until they are admitted. Switching it off ' +
        'admits everybody who waits.',
    ),
  waitForHost: z
    .boolean()
    .describe(
      'Whether people other than hosts and moderators wait in the lobby until a host has connected to the call. ' +
        'They then enter automatically, unless the lobby or their link requires approval. A moderator can admit ' +
        'them before. Switching it off admits everybody who waits only for the host.',
    ),
  locked: z
    .boolean()
    .describe('Whether newcomers other than hosts and moderators are refused; people in the call stay.'),
  recordingConsent: z
    .enum(RECORDING_CONSENTS)
    .describe(
      '`notice`: people see that a call is recorded, before they join and in it. `required`: a recording begins ' +
        'only once everybody in the call has agreed, within two minutes. People who join in the meantime have to ' +
        'agree before. A change applies to recordings that are requested afterwards.',
    ),
  automaticRecording: z
    .enum(AUTOMATIC_RECORDINGS)
    .describe(
      'Recording of each call from the first connection of a participant: nothing (`off`), the whole call ' +
        '(`composite`), or its sound (`audio`). With `organization`, the default of new rooms, the setting ' +
        '`automaticRecording` of the organization at the beginning of the call decides. It is stored in the oldest ' +
        'working bucket of the organization. Like every recording it needs the feature `recording` of the room, the ' +
        'plan, and consent. It begins once in a call: after it was stopped, it does not begin again.',
    ),
  schedule,
  maxDurationSeconds: z
    .number()
    .int()
    .min(60)
    .max(WEEK_SECONDS)
    .nullable()
    .describe(
      'Seconds after which a call is ended, 60 to 604,800 (enforced once a minute); null for no limit.',
    ),
  aloneTimeoutSeconds: z
    .number()
    .int()
    .min(60)
    .max(DAY_SECONDS)
    .nullable()
    .describe(
      'Seconds after which a call with only one person is ended, 60 to 86,400; null for no limit. It is enforced ' +
        'once a minute, and announced to the person within the last two minutes. Agents and observers do not count ' +
        'as company; a person with a valid token does.',
    ),
  emptyTimeoutSeconds: z
    .number()
    .int()
    .min(5)
    .max(DAY_SECONDS)
    .describe('Seconds that a call waits for the first participant to connect, 5 to 86,400.'),
  departureTimeoutSeconds: z
    .number()
    .int()
    .min(5)
    .max(DAY_SECONDS)
    .describe('Seconds that a call stays open after the last participant has left, 5 to 86,400.'),
  tags,
};
