import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { connectionIdSchema, ringPartySchema, QUIET_REASONS } from '../inbox/index.ts';
import { RING_STATUSES } from './ringing.enums.ts';

const TIMEOUT_SECONDS = { shortest: 5, longest: 120, usual: 30 };

export const ringParamsSchema = z.strictObject({ ringId: idSchema('ring') });

export const startRingSchema = z.strictObject({
  /** A person's user id, or a contact of the caller's. */
  to: z.union([idSchema('user'), idSchema('contact')], 'must be a user id or a contact id'),
  /** Where to meet; without it, in a room of the two of them. */
  roomId: idSchema('room').optional(),
  message: z.string().trim().min(1).max(200).optional(),
  timeoutSeconds: z
    .number()
    .int()
    .min(TIMEOUT_SECONDS.shortest)
    .max(TIMEOUT_SECONDS.longest)
    .default(TIMEOUT_SECONDS.usual),
});
export type StartRing = z.output<typeof startRingSchema>;

/** Which connection of the person's inbox does it: the others learn that it was not them. */
export const answerRingSchema = z.strictObject({ connectionId: connectionIdSchema.optional() });
export type AnswerRing = z.output<typeof answerRingSchema>;

export const ringQuerySchema = pageQuerySchema.extend({
  direction: z.enum(['incoming', 'outgoing']).optional(),
  /** Those that came to the caller and that they answered nothing to. */
  missed: z
    .literal('true')
    .transform(() => true)
    .optional()
    .openapi({ type: 'string', enum: ['true'] }),
});
export type RingQuery = z.output<typeof ringQuerySchema>;

export const ringSchema = z
  .object({
    id: idSchema('ring'),
    direction: z.enum(['incoming', 'outgoing']),
    status: z.enum(RING_STATUSES),
    /** It came, and the person who reads it answered nothing. */
    missed: z.boolean(),
    /** Why it made no sound; told to who was rung alone. */
    unheard: z.enum(QUIET_REASONS).nullable(),
    from: ringPartySchema,
    to: ringPartySchema,
    roomId: idSchema('room').nullable(),
    message: z.string().nullable(),
    timeoutSeconds: z.number().int(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi('Ring');
export type RingView = z.output<typeof ringSchema>;
export const ringPageSchema = pageSchema(ringSchema).openapi('RingPage');

/** What every `ring.*` effect carries. */
export const ringEventSchema = z.strictObject({ ringId: idSchema('ring') });

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
