import { z } from '@hono/zod-openapi';
import { idSchema, metadataChangeSchema } from '../../kernel/core/index.ts';
import { roomIdSchema, roomSettings } from '../rooms/index.ts';

export const updateRoomSchema = z
  .strictObject({
    ...roomSettings,
    features: roomSettings.features.describe('Features to change; the others stay.'),
    defaultRoles: roomSettings.defaultRoles.describe('Roles to change; the others stay.'),
    metadata: metadataChangeSchema,
    status: z.literal('open').describe('Opens a room that was ended, so that people can join it again.'),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateRoom = z.output<typeof updateRoomSchema>;

export const endRoomSchema = z.strictObject({
  keepOpen: z
    .boolean()
    .default(false)
    .describe('Ends the call and keeps the room open, so that the next call can begin at once.'),
});
export type EndRoom = z.output<typeof endRoomSchema>;

export const roomEndedSchema = z
  .object({
    roomId: roomIdSchema.describe('The room.'),
    status: z.enum(['open', 'ended']).describe('The status of the room after this request.'),
    callId: idSchema('call').nullable().describe('The call that was ended; null when none was open.'),
  })
  .openapi('RoomEnded');
export type RoomEndedView = z.output<typeof roomEndedSchema>;

export const roomLockSchema = z
  .object({
    roomId: roomIdSchema.describe('The room.'),
    locked: z.boolean().describe('Whether the room is locked after this request.'),
  })
  .openapi('RoomLock');
export type RoomLockView = z.output<typeof roomLockSchema>;
