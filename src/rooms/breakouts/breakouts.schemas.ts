import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { ASSIGNMENTS, BREAKOUT_STATUSES } from './breakouts.tables.ts';

const MAX_ROOMS = 50;
const DAY_SECONDS = 86_400;

const identities = z.array(identitySchema).max(1000);
const areDistinct = (groups: readonly { identities?: string[] | undefined }[]) => {
  const all = groups.flatMap((group) => group.identities ?? []);
  return new Set(all).size === all.length;
};
const DISTINCT_MESSAGE = 'must not name anybody twice';

export const breakoutParamsSchema = z.strictObject({
  roomId: roomIdSchema,
  breakoutId: idSchema('breakout'),
});

const groupsSchema = z
  .array(
    z.strictObject({
      /** Absent for its number. */
      name: z.string().trim().min(1).max(200).optional(),
      /** Who begins in it; for manual assignment. */
      identities: identities.default([]),
    }),
  )
  .min(1)
  .max(MAX_ROOMS)
  .refine(areDistinct, DISTINCT_MESSAGE);

export const openBreakoutsSchema = z
  .strictObject({
    /** How many, or which. */
    rooms: z.union([z.number().int().min(1).max(MAX_ROOMS), groupsSchema]),
    /** automatic: everybody who does not moderate is dealt out evenly. self_chosen: people go where they like. */
    assignment: z.enum(ASSIGNMENTS).default('manual'),
    /** Absent until a moderator sends everybody back. */
    durationSeconds: z.number().int().min(60).max(DAY_SECONDS).optional(),
  })
  .refine(
    ({ rooms, assignment }) =>
      assignment === 'manual' ||
      typeof rooms === 'number' ||
      rooms.every((group) => group.identities.length === 0),
    { path: ['rooms'], message: 'may name people only for manual assignment' },
  );
export type OpenBreakouts = z.output<typeof openBreakoutsSchema>;

export const assignBreakoutsSchema = z.strictObject({
  /** Everybody who is named nowhere is sent back. */
  groups: z
    .array(z.strictObject({ roomId: roomIdSchema, identities }))
    .max(MAX_ROOMS)
    .refine(areDistinct, DISTINCT_MESSAGE)
    .refine(
      (groups) => new Set(groups.map(({ roomId }) => roomId)).size === groups.length,
      'must not name a room twice',
    ),
});
export type AssignBreakouts = z.output<typeof assignBreakoutsSchema>;

export const chooseGroupSchema = z.strictObject({ roomId: roomIdSchema });
export type ChooseGroup = z.output<typeof chooseGroupSchema>;

const moment = z.iso.datetime();
export const breakoutsSchema = z
  .object({
    id: idSchema('breakout'),
    roomId: roomIdSchema,
    assignment: z.enum(ASSIGNMENTS),
    status: z.enum(BREAKOUT_STATUSES),
    openedAt: moment,
    /** When everybody is sent back, to the minute; null until a moderator does. */
    closesAt: moment.nullable(),
    closedAt: moment.nullable(),
    rooms: z.array(z.object({ roomId: roomIdSchema, name: z.string(), identities: z.array(z.string()) })),
  })
  .openapi('Breakouts');
export type BreakoutsView = z.output<typeof breakoutsSchema>;
export const breakoutsPageSchema = pageSchema(breakoutsSchema).openapi('BreakoutsPage');

export const chosenGroupSchema = z
  .object({
    roomId: roomIdSchema,
    /** Lets the caller in at `POST /rooms/{roomId}/enter`, and opens the group's socket. */
    ticket: z.string(),
    expiresAt: moment,
  })
  .openapi('ChosenGroup');
export type ChosenGroupView = z.output<typeof chosenGroupSchema>;

export const breakoutsExample: BreakoutsView = {
  id: 'brk_01jd3v7q8gf4kr2x6a0w9mznpe',
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  assignment: 'manual',
  status: 'open',
  openedAt: '2026-01-05T09:30:00.000Z',
  closesAt: '2026-01-05T09:45:00.000Z',
  closedAt: null,
  rooms: [
    {
      roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpf',
      name: 'Weekly support 1',
      identities: ['usr_01jd3v7q8gf4kr2x6a0w9mznpe'],
    },
    { roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpg', name: 'Weekly support 2', identities: [] },
  ],
};
