import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { connectionIdSchema, ringPartySchema, QUIET_REASONS } from '../inbox/index.ts';
import { RING_STATUSES } from './ringing.enums.ts';

const TIMEOUT_SECONDS = { shortest: 5, longest: 120, usual: 30 };

const ringIdSchema = idSchema('ring').openapi({ description: 'Id of the ring.' });
export const ringParamsSchema = z.strictObject({ ringId: ringIdSchema });

export const startRingSchema = z.strictObject({
  to: z.union([idSchema('user'), idSchema('contact')], 'must be a user id or a contact id').openapi({
    description: "The callee: a user id, or the id of one of the caller's contacts.",
  }),
  roomId: idSchema('room').optional().openapi({
    description: 'Room to meet in; if absent, the direct room of the two users.',
  }),
  message: lineSchema(200)
    .optional()
    .openapi({ description: 'Short text that the callee sees, 1 to 200 characters.' }),
  timeoutSeconds: z
    .number()
    .int()
    .min(TIMEOUT_SECONDS.shortest)
    .max(TIMEOUT_SECONDS.longest)
    .default(TIMEOUT_SECONDS.usual)
    .openapi({
      description: `Seconds until an unanswered ring is missed, ${TIMEOUT_SECONDS.shortest} to ${TIMEOUT_SECONDS.longest}.`,
    }),
});
export type StartRing = z.output<typeof startRingSchema>;

export const answerRingSchema = z.strictObject({
  connectionId: connectionIdSchema.optional().openapi({
    description:
      'Inbox connection of the answering device, so that every device learns which of them answered.',
  }),
});
export type AnswerRing = z.output<typeof answerRingSchema>;

export const ringQuerySchema = pageQuerySchema.extend({
  direction: z
    .enum(['incoming', 'outgoing'])
    .optional()
    .openapi({ description: 'Only rings in this direction, as seen by the current user.' }),
  missed: z
    .literal('true')
    .transform(() => true)
    .optional()
    .openapi({
      type: 'string',
      enum: ['true'],
      description: '`true` for incoming rings only that the current user did not answer.',
    }),
});
export type RingQuery = z.output<typeof ringQuerySchema>;

export const ringSchema = z
  .object({
    id: ringIdSchema,
    direction: z
      .enum(['incoming', 'outgoing'])
      .openapi({ description: 'Whether the current user received the ring or started it.' }),
    status: z.enum(RING_STATUSES).openapi({
      description:
        '`ringing`, or how the ring ended. `busy`: it never rang, because the callee was in a call. `missed`: it was ' +
        'not answered in time.',
    }),
    missed: z
      .boolean()
      .openapi({ description: 'Whether the current user received the ring and did not answer.' }),
    unheard: z.enum(QUIET_REASONS).nullable().openapi({
      description:
        'Why the ring made no sound, for the callee only; null if it did, and always null for the caller.',
    }),
    from: ringPartySchema.openapi({ description: 'The caller.' }),
    to: ringPartySchema.openapi({ description: 'The callee.' }),
    roomId: idSchema('room')
      .nullable()
      .openapi({ description: 'Room to meet in; null after the room was deleted.' }),
    message: z.string().nullable().openapi({ description: "The caller's message; null for none." }),
    timeoutSeconds: z
      .number()
      .int()
      .openapi({ description: 'Seconds after the start until an unanswered ring is missed.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When the ring started.' }),
    expiresAt: z.iso.datetime().openapi({ description: 'When the ring is missed if it is not answered.' }),
    endedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the ring ended; null while it rings.' }),
  })
  .openapi('Ring');
export type RingView = z.output<typeof ringSchema>;
export const ringPageSchema = pageSchema(ringSchema).openapi('RingPage');

/** The payload of every `ring.*` event. */
export const ringEventSchema = z.object({ ringId: idSchema('ring').describe('Id of the ring.') });

export const ringExample: RingView = {
  id: 'rng_01jd3v7q8gf4kr2x6a0w9mznpe',
  direction: 'outgoing',
  status: 'ringing',
  missed: false,
  unheard: null,
  from: { userId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe', name: 'Ann Example', avatarUrl: null },
  to: { userId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpf', name: 'Ben Example', avatarUrl: null },
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  message: 'Two minutes about the offer?',
  timeoutSeconds: 30,
  createdAt: '2026-01-05T09:30:00.000Z',
  expiresAt: '2026-01-05T09:30:30.000Z',
  endedAt: null,
};
