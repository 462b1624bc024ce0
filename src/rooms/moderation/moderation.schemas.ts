import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { PEOPLE_ROLES, roomIdSchema, roomRoleSchema } from '../rooms/index.ts';

const participantId = idSchema('participant').describe('The participant.');
const participantIds = z.array(idSchema('participant')).max(1000);
export const participantParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  participantId,
});

const KEEP_NETWORK_OUT =
  'Whether guests from the same network are kept out of the open call, too. Guests who are in it already, or whom ' +
  'a moderator admits from the lobby, are not affected; neither are members. Set it to false where many people ' +
  'share a network, as in an office.';

export const removeParticipantQuerySchema = z.strictObject({
  keepNetworkOut: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .openapi({
      type: 'string',
      enum: ['true', 'false'],
      default: 'true',
      description: KEEP_NETWORK_OUT,
      example: 'true',
    }),
});
export const removeParticipantSchema = z.strictObject({
  keepNetworkOut: z.boolean().default(true).describe(KEEP_NETWORK_OUT),
});
export type RemoveParticipant = z.output<typeof removeParticipantSchema>;

export const changeRoleSchema = z.strictObject({
  role: z.enum(PEOPLE_ROLES).describe('The new role.'),
});
export type ChangeRole = z.output<typeof changeRoleSchema>;

export const participantRoleSchema = z
  .object({
    participantId,
    identity: z.string().describe('Identity of the participant.'),
    role: roomRoleSchema.describe('The role after this request.'),
  })
  .openapi('ParticipantRole');
export type ParticipantRoleView = z.output<typeof participantRoleSchema>;

export const spotlightSchema = z.strictObject({ participantId });

/** As much as LiveKit carries in one packet. */
export const MAX_DATA_BYTES = 15_000;

/** Whether a value fits into one packet; nesting that is too deep to serialize does not. */
function fitsInPacket(value: unknown): boolean {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length <= MAX_DATA_BYTES;
  } catch {
    return false;
  }
}

export const sendDataSchema = z.strictObject({
  topic: z
    .string()
    .min(1)
    .max(64)
    .refine((text) => text.isWellFormed(), 'must be well-formed text')
    .describe('Topic by which receivers distinguish messages, 1 to 64 characters.'),
  payload: z
    .unknown()
    .refine(fitsInPacket, `must have at most ${MAX_DATA_BYTES} bytes as JSON`)
    .describe('Any JSON value of at most 15,000 bytes.'),
  to: participantIds
    .min(1)
    .optional()
    .describe('Ids of the participants to send to, 1 to 1,000; absent for everybody.'),
});
export type SendData = z.output<typeof sendDataSchema>;

const DATA_DELIVERIES = ['sent', 'failed', 'no_call'] as const;
export const dataSentSchema = z
  .object({
    media: z
      .enum(DATA_DELIVERIES)
      .describe('Over media connections: `sent`, `failed`, or `no_call` without an open call.'),
    live: z.enum(DATA_DELIVERIES).exclude(['no_call']).describe('Over sockets: `sent` or `failed`.'),
  })
  .openapi('DataSent');
export type DataSentView = z.output<typeof dataSentSchema>;
