import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export const endRoomSchema = z.strictObject({
  /** Ends the call alone: the next one may begin at once. */
  keepOpen: z.boolean().default(false),
});
export type EndRoom = z.output<typeof endRoomSchema>;

export const roomEndedSchema = z
  .object({
    roomId: roomIdSchema,
    status: z.enum(['open', 'ended']),
    /** The call that this ended; null when none was going on. */
    callId: idSchema('call').nullable(),
  })
  .openapi('RoomEnded');
export type RoomEndedView = z.output<typeof roomEndedSchema>;

/** One page of what is closed, or of the live rooms that are forgotten, of a deleted organization. */
export const organizationOffboardingStepSchema = z.strictObject({
  part: z.enum(['rooms', 'inboxes', 'liveRooms']),
  /** Once at once, and once more when no credential from before is good any longer. */
  run: z.enum(['first', 'again']),
  /** The id after which the page begins; null for the first. */
  after: z.string().nullable(),
});
export type OrganizationOffboardingStep = z.output<typeof organizationOffboardingStepSchema>;

export const roomLockSchema = z.object({ roomId: roomIdSchema, locked: z.boolean() }).openapi('RoomLock');
export type RoomLockView = z.output<typeof roomLockSchema>;
