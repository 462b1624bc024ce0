import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { REVIEW_STATES, REVIEW_SUBJECTS, ROOM_ROLES } from './protocol.enums.ts';

export const roomRoleSchema = z
  .enum(ROOM_ROLES)
  .describe(
    'Hosts and moderators moderate. Participants and agents may publish media; viewers may not. An observer is not ' +
      'shown to the others.',
  );

/** The same text here, in LiveKit and in the room's people: `usr_…`, `gst_…`, `ext_<name>`, `agt_<name>`. */
export const identitySchema = z
  .string()
  .max(140)
  .regex(/^(usr|gst|ext|agt)_\S+$/, 'must be an identity')
  .openapi({ example: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe' })
  .describe('Names a person, guest, service or agent: `usr_…`, `gst_…`, `ext_<name>` or `agt_<name>`.');

/** The identities of all that speak in a call: also telephones (`phc_…`, and `sip_…` for those who call in) and ingresses (`ing_…`). */
export const speakerSchema = z
  .string()
  .max(140)
  .regex(/^(usr|gst|ext|agt|phc|sip|ing)_\S+$/, 'must be the identity of a participant')
  .openapi({ example: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe' })
  .describe(
    'The identity that is speaking. Beside people, guests, services and agents: `phc_…` and `sip_…` for telephones, `ing_…` for an ingress.',
  );

/** The identity of the person or agent who made a decision, as a room shows it; null for an API key and for the system. */
export const publicIdentity = (actorId: string): string | null =>
  identitySchema.safeParse(actorId).success ? actorId : null;

export const roomIdSchema = idSchema('room');
export const nameSchema = z
  .string()
  .min(1)
  .max(255)
  .openapi({ example: 'Ada' })
  .describe('The display name, 1 to 255 characters.');
export const timestampSchema = z.iso
  .datetime()
  .openapi({ example: '2026-01-05T09:30:00.000Z' })
  .describe('A time, ISO 8601 in UTC.');

export const featuresSchema = z
  .object({
    chat: z.boolean().describe('Chat.'),
    files: z.boolean().describe('Sending files.'),
    captions: z.boolean().describe('Captions.'),
    screenShare: z.boolean().describe('Sharing the screen.'),
    recording: z.boolean().describe('Recording.'),
  })
  .describe('What may be used.');
export type Features = z.infer<typeof featuresSchema>;

export const lobbyEntrySchema = z
  .object({
    lobbyEntryId: idSchema('lobbyEntry').describe('The entry in the lobby.'),
    identity: identitySchema,
    name: nameSchema,
    requestedAt: timestampSchema.describe('When they asked to be let in, ISO 8601 in UTC.'),
  })
  .openapi('LiveLobbyEntry')
  .describe('A person who waits in the lobby.');
export type LiveLobbyEntry = z.infer<typeof lobbyEntrySchema>;

export const pollViewSchema = z
  .object({
    pollId: idSchema('poll').describe('The poll.'),
    question: z.string().max(1000).describe('The question, up to 1,000 characters.'),
    options: z
      .array(
        z.object({
          optionId: z.string().max(64).describe('Names the option within the poll.'),
          text: z.string().max(500).describe('The option, up to 500 characters.'),
          votes: z.number().int().nullable().describe('Votes for it; null while results are hidden.'),
        }),
      )
      .max(50)
      .describe('The options, up to 50.'),
    maxChoices: z.number().int().min(1).describe('How many options one person may choose.'),
    anonymous: z.boolean().describe('Whether votes are stored without names.'),
    status: z.enum(['open', 'closed']).describe('Whether votes are accepted.'),
    voters: z.number().int().nullable().describe('People who voted; null while results are hidden.'),
    openedAt: timestampSchema.describe('When it was opened, ISO 8601 in UTC.'),
    closedAt: timestampSchema
      .nullable()
      .describe('When it was closed, ISO 8601 in UTC; null while it is open.'),
  })
  .openapi('LivePoll')
  .describe('A poll, as everybody in the room sees it.');
export type LivePoll = z.infer<typeof pollViewSchema>;

export const recordingViewSchema = z
  .object({
    recordingId: idSchema('recording').describe('The recording.'),
    kind: z
      .enum(['composite', 'audio', 'participant', 'track'])
      .describe('The whole call, its sound, one participant, or one track.'),
    subject: z
      .string()
      .max(140)
      .nullable()
      .describe('The identity or the track that is recorded; null for the whole call.'),
    by: identitySchema.nullable().describe('The identity that asked for it; null for the platform.'),
    consent: z
      .enum(['notice', 'required'])
      .default('notice')
      .describe('`required`: it begins once everybody in the call has agreed; until then it is not active.'),
    active: z.boolean().describe('True once the recorder runs; false while it is about to begin.'),
    since: timestampSchema.describe(
      'When it began, or was asked for while it is about to begin, ISO 8601 in UTC.',
    ),
  })
  .openapi('LiveRecording')
  .describe('A running recording, as everybody in the room sees it.');
export type LiveRecording = z.infer<typeof recordingViewSchema>;

export const recordingConsentViewSchema = z
  .object({
    identity: identitySchema,
    consent: z
      .enum(['given', 'refused', 'withdrawn'])
      .describe(
        '`given`: it holds. `refused`: they did not agree. `withdrawn`: they agreed, and no longer do.',
      ),
  })
  .openapi('LiveRecordingConsent')
  .describe('Whether somebody agrees to be recorded in this call, as everybody in the room sees it.');
export type LiveRecordingConsent = z.infer<typeof recordingConsentViewSchema>;
export const streamViewSchema = z
  .object({
    streamId: idSchema('stream').describe('The stream.'),
    by: identitySchema.nullable().describe('The identity that asked for it; null for the platform.'),
    active: z.boolean().describe('True while it is sent; false while it is about to begin.'),
    since: timestampSchema.describe(
      'When it began, or was asked for while it is about to begin, ISO 8601 in UTC.',
    ),
  })
  .openapi('LiveStream')
  .describe('A live stream of the call to the outside, as everybody in the room sees it.');
export type LiveStream = z.infer<typeof streamViewSchema>;

export const breakoutsViewSchema = z
  .object({
    breakoutId: idSchema('breakout').describe('Id of the set of breakout rooms.'),
    status: z.enum(['open', 'closed']).describe('Whether the breakout rooms are open.'),
    closesAt: timestampSchema
      .nullable()
      .describe('When they close automatically, ISO 8601 in UTC; null for never.'),
    rooms: z
      .array(
        z.object({
          roomId: roomIdSchema.describe('The breakout room.'),
          name: z.string().max(255).describe('Its name.'),
          identities: z.array(identitySchema).describe('The people assigned to it.'),
        }),
      )
      .max(100)
      .describe('The breakout rooms, up to 100.'),
  })
  .openapi('LiveBreakouts')
  .describe('The breakout rooms of a room, as everybody in it sees them.');
export type LiveBreakouts = z.infer<typeof breakoutsViewSchema>;

/** What moderators are shown of a review: no words. */
export const reviewNoticeFields = {
  reviewId: idSchema('moderationReview').describe('The review.'),
  subject: z.enum(REVIEW_SUBJECTS).describe('`chat`: a message; `caption`: what somebody said.'),
  state: z.enum(REVIEW_STATES).describe('`open`: it waits for a decision; otherwise how it ended.'),
};
