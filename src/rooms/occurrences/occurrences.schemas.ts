import { z } from '@hono/zod-openapi';
import {
  lineSchema,
  momentSchema,
  momentSince1970Schema,
  pageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { occurrenceDurationSchema, roomIdSchema, roomParamsSchema } from '../rooms/index.ts';

const OCCURRENCE_STATUSES = ['scheduled', 'cancelled'] as const;

export const occurrenceParamsSchema = roomParamsSchema.extend({
  originalStartsAt: momentSince1970Schema.describe(
    'The start that the schedule gives the occurrence, also after it was moved.',
  ),
});
export type OccurrenceParams = z.output<typeof occurrenceParamsSchema>;

export const listOccurrencesSchema = pageQuerySchema.extend({
  from: momentSchema.optional().openapi({
    example: '2026-01-05T09:00:00Z',
    description: 'Only occurrences that end after this moment; by default now',
  }),
  to: momentSchema.optional().openapi({
    example: '2026-02-05T09:00:00Z',
    description: 'Only occurrences that start before this moment',
  }),
});
export type ListOccurrences = z.output<typeof listOccurrencesSchema>;

const status = z.enum(OCCURRENCE_STATUSES);

export const changeOccurrenceSchema = z
  .strictObject({
    status: status.describe('`cancelled` cancels the occurrence, `scheduled` takes that back.'),
    startsAt: momentSince1970Schema
      .nullable()
      .describe('Another start, not before 1970; null for the start that the schedule gives it.'),
    durationSeconds: occurrenceDurationSchema
      .nullable()
      .describe('Another length in seconds, 60 to 604,800; null for that of the schedule.'),
    name: lineSchema(255)
      .nullable()
      .describe('Another name, 1 to 255 characters; null for the name of the room.'),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type ChangeOccurrence = z.output<typeof changeOccurrenceSchema>;

export const occurrenceSchema = z
  .object({
    roomId: roomIdSchema.describe('The room.'),
    originalStartsAt: z.iso
      .datetime()
      .describe('The start that the schedule gives the occurrence; with the room it names the occurrence.'),
    startsAt: z.iso.datetime().describe('Start of the occurrence.'),
    durationSeconds: z.number().int().describe('Length of the occurrence in seconds.'),
    name: z.string().describe('Name of the occurrence: the name of the room, unless it has another.'),
    status: status.describe('`scheduled`, or `cancelled`: it does not take place.'),
    changed: z
      .boolean()
      .describe('Whether start, length or name of the occurrence differ from the schedule and the room.'),
  })
  .openapi('Occurrence');
export type OccurrenceView = z.output<typeof occurrenceSchema>;
export const occurrencePageSchema = pageSchema(occurrenceSchema).openapi('OccurrencePage');

export const occurrenceExample: OccurrenceView = {
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  originalStartsAt: '2026-01-12T08:00:00.000Z',
  startsAt: '2026-01-13T13:00:00.000Z',
  durationSeconds: 3600,
  name: 'Weekly support',
  status: 'scheduled',
  changed: true,
};
