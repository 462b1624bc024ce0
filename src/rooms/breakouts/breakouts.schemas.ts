import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { ASSIGNMENTS, BREAKOUT_STATUSES } from './breakouts.tables.ts';

const MAX_ROOMS = 50;
const DAY_SECONDS = 86_400;

const identities = z.array(identitySchema.describe('Identity of a person in the call.')).max(1000);
const areDistinct = (groups: readonly { identities?: string[] | undefined }[]) => {
  const all = groups.flatMap((group) => group.identities ?? []);
  return new Set(all).size === all.length;
};
const DISTINCT_MESSAGE = 'must not name anybody twice';

export const breakoutParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room that is divided.'),
  breakoutId: idSchema('breakout').describe('Id of the set of breakout rooms.'),
});

const groupsSchema = z
  .array(
    z.strictObject({
      name: lineSchema(200)
        .optional()
        .describe(
          'Name of the breakout room, 1 to 200 characters; by default the name of the room and a number.',
        ),
      identities: identities
        .default([])
        .describe('Identities of at most 1,000 people who begin in it; for `manual` assignment only.'),
    }),
  )
  .min(1)
  .max(MAX_ROOMS)
  .refine(areDistinct, DISTINCT_MESSAGE);

const assignment = z
  .enum(ASSIGNMENTS)
  .describe(
    '`manual`: the request names the people of each; `automatic`: everybody with a socket, except moderators, agents and observers, ' +
      'is distributed evenly; `self_chosen`: people choose their breakout room',
  );

export const openBreakoutsSchema = z
  .strictObject({
    rooms: z
      .union([z.number().int().min(1).max(MAX_ROOMS), groupsSchema])
      .describe('How many breakout rooms to open, 1 to 50, or a list of them.'),
    assignment: assignment.default('manual'),
    durationSeconds: z
      .number()
      .int()
      .min(60)
      .max(DAY_SECONDS)
      .optional()
      .describe(
        'Seconds after which everybody is sent back, 60 to 86,400 (enforced once a minute); absent for no limit.',
      ),
  })
  .refine(
    ({ rooms, assignment }) =>
      assignment === 'manual' ||
      typeof rooms === 'number' ||
      rooms.every((group) => group.identities.length === 0),
    { path: ['rooms'], message: 'can name people only for manual assignment' },
  );
export type OpenBreakouts = z.output<typeof openBreakoutsSchema>;

export const assignBreakoutsSchema = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        roomId: roomIdSchema.describe('The breakout room.'),
        identities: identities.describe('Identities of the people to be in it, at most 1,000.'),
      }),
    )
    .max(MAX_ROOMS)
    .refine(areDistinct, DISTINCT_MESSAGE)
    .refine(
      (groups) => new Set(groups.map(({ roomId }) => roomId)).size === groups.length,
      'must not name a room twice',
    )
    .describe('At most 50 breakout rooms with their people, each named once; all others are sent back.'),
});
export type AssignBreakouts = z.output<typeof assignBreakoutsSchema>;

export const chooseGroupSchema = z.strictObject({
  roomId: roomIdSchema.describe('The breakout room to join.'),
});
export type ChooseGroup = z.output<typeof chooseGroupSchema>;

const timestamp = z.iso.datetime();
export const breakoutsSchema = z
  .object({
    id: idSchema('breakout').describe('Id of the set of breakout rooms.'),
    roomId: roomIdSchema.describe('The room that is divided.'),
    assignment,
    status: z.enum(BREAKOUT_STATUSES).describe('`open`, or `closed` once everybody was sent back.'),
    openedAt: timestamp.describe('When the room was divided.'),
    closesAt: timestamp
      .nullable()
      .describe('When everybody is sent back (enforced once a minute); null for no limit.'),
    closedAt: timestamp.nullable().describe('When the breakout rooms were closed; null while they are open.'),
    rooms: z
      .array(
        z.object({
          roomId: roomIdSchema.describe('Id of the breakout room.'),
          name: z.string().describe('Name of the breakout room.'),
          identities: z.array(z.string()).describe('Identities of the people assigned to it.'),
        }),
      )
      .describe('The breakout rooms, in the order of the request that opened them.'),
  })
  .openapi('Breakouts');
export type BreakoutsView = z.output<typeof breakoutsSchema>;
export const breakoutsPageSchema = pageSchema(breakoutsSchema).openapi('BreakoutsPage');

export const chosenGroupSchema = z
  .object({
    roomId: roomIdSchema.describe('The chosen breakout room.'),
    ticket: z
      .string()
      .describe(
        'Admits the caller with `POST /rooms/{roomId}/enter`, and opens the socket of the breakout room.',
      ),
    expiresAt: timestamp.describe('When the ticket expires: after ten minutes.'),
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
