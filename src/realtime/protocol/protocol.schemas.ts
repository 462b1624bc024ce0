import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { ROOM_ROLES } from './protocol.enums.ts';

export const roomRoleSchema = z.enum(ROOM_ROLES);

/** The same text here, in LiveKit and in the room's people: `usr_…`, `gst_…`, `ext_<name>`, `agt_<name>`. */
export const identitySchema = z
  .string()
  .max(140)
  .regex(/^(usr|gst|ext|agt)_\S+$/u, 'must be an identity')
  .openapi({ example: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe' });

/** The identity of whoever made a decision, as a room shows it; null for an API key and for the system. */
export const publicIdentity = (actorId: string): string | null =>
  identitySchema.safeParse(actorId).success ? actorId : null;

export const roomIdSchema = idSchema('room');
export const nameSchema = z.string().min(1).max(255).openapi({ example: 'Ada' });
export const timestampSchema = z.iso.datetime().openapi({ example: '2026-01-05T09:30:00.000Z' });

/** What a room, or a person in it, may use. */
export const featuresSchema = z.object({
  chat: z.boolean(),
  files: z.boolean(),
  captions: z.boolean(),
  screenShare: z.boolean(),
  recording: z.boolean(),
});
export type Features = z.infer<typeof featuresSchema>;

export const lobbyEntrySchema = z
  .object({
    lobbyEntryId: idSchema('lobbyEntry'),
    identity: identitySchema,
    name: nameSchema,
    requestedAt: timestampSchema,
  })
  .openapi('LiveLobbyEntry');
export type LiveLobbyEntry = z.infer<typeof lobbyEntrySchema>;

/** A poll as everybody in the room sees it; votes are null while they are kept back. */
export const pollViewSchema = z
  .object({
    pollId: idSchema('poll'),
    question: z.string().max(1000),
    options: z
      .array(
        z.object({
          optionId: z.string().max(64),
          text: z.string().max(500),
          votes: z.number().int().nullable(),
        }),
      )
      .max(50),
    /** How many options one person may choose. */
    maxChoices: z.number().int().min(1),
    anonymous: z.boolean(),
    status: z.enum(['open', 'closed']),
    voters: z.number().int().nullable(),
    openedAt: timestampSchema,
    closedAt: timestampSchema.nullable(),
  })
  .openapi('LivePoll');
export type LivePoll = z.infer<typeof pollViewSchema>;

/** Groups apart, as everybody in the room sees them. */
export const breakoutsViewSchema = z
  .object({
    breakoutId: idSchema('breakout'),
    status: z.enum(['open', 'closed']),
    closesAt: timestampSchema.nullable(),
    rooms: z
      .array(
        z.object({ roomId: roomIdSchema, name: z.string().max(255), identities: z.array(identitySchema) }),
      )
      .max(100),
  })
  .openapi('LiveBreakouts');
export type LiveBreakouts = z.infer<typeof breakoutsViewSchema>;
