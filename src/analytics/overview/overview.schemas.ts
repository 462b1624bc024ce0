import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, queryIntegerSchema } from '../../kernel/core/index.ts';
import { checkRange, INTERVALS, rangeExample, rangeFields, rangeSchema } from '../rollups/index.ts';

export const overviewQuerySchema = z.strictObject(rangeFields).superRefine(checkRange);
export const timelineQuerySchema = z
  .strictObject({
    ...rangeFields,
    interval: z
      .enum(INTERVALS)
      .default('day')
      .openapi({ description: 'Length of each interval; a week begins on Monday. Default: `day`.' }),
  })
  .superRefine(checkRange);
export const topQuerySchema = z
  .strictObject({
    ...rangeFields,
    limit: queryIntegerSchema(1, 100)
      .default(10)
      .openapi({ description: 'Maximum number of entries, 1 to 100. Default: 10.' }),
  })
  .superRefine(checkRange);
export type OverviewQuery = z.output<typeof overviewQuerySchema>;
export type OverviewTimelineQuery = z.output<typeof timelineQuerySchema>;
export type TopQuery = z.output<typeof topQuerySchema>;

const count = (description: string) => z.number().int().openapi({ description });
const seconds = (description: string) => z.number().openapi({ description: `${description} In seconds.` });

const callType = (description: string) =>
  z
    .object({ calls: count('Calls of the type.'), callSeconds: seconds('Their duration.') })
    .openapi({ description });

const totalsSchema = z
  .object({
    calls: count('Calls that have ended. A call and everything in it count at the start of the call.'),
    lostCalls: count('Calls that the media server lost.'),
    agentCalls: count('Calls with an agent.'),
    callSeconds: seconds('Duration of all calls.'),
    averageCallSeconds: z
      .number()
      .nullable()
      .openapi({ description: 'Mean duration of a call in seconds; null without a call.' }),
    callTypes: z
      .object({
        audio: callType('Calls with neither a camera nor a shared screen.'),
        video: callType('Calls with a camera and without a shared screen.'),
        screenShare: callType('Calls with a shared screen.'),
      })
      .openapi({
        description: 'Calls by the media that were published in them.',
      }),
    participations: count(
      'Participants of all calls, without observers and agents; a person counts in each call.',
    ),
    guestParticipations: count('Number of guests among the participants.'),
    participantSeconds: seconds('Connected time of all participants.'),
    activeUsers: count(
      'Different users who took part. Estimated: in 95 of 100 cases within 4.6 %, and nearly exact below 200.',
    ),
    sentBytes: count('Bytes that clients reported as sent.'),
    receivedBytes: count('Bytes that clients reported as received.'),
    impairedParticipations: count(
      'Participants whose call was impaired: the cause is known and is not `muted`.',
    ),
  })
  .openapi('AnalyticsTotals');
export type Totals = z.output<typeof totalsSchema>;

export const overviewSchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The time that is answered, and the period before it.' }),
    members: count('Active members of the organization now, independent of the range.'),
    current: totalsSchema.openapi({ description: 'The range.' }),
    previous: totalsSchema.openapi({ description: 'The period before the range.' }),
  })
  .openapi('AnalyticsOverview');

export const timelineSchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The time that is answered, and the period before it.' }),
    data: z
      .array(
        z.object({
          startsAt: z.iso.datetime().openapi({ description: 'Start of the interval.' }),
          calls: count('Calls that started in the interval and have ended.'),
          lostCalls: count('Calls that the media server lost.'),
          participations: count('Participants of these calls.'),
          participantSeconds: seconds('Their connected time.'),
        }),
      )
      .openapi({ description: 'All intervals in order, also those without a call.' }),
  })
  .openapi('AnalyticsTimeline');

const topFields = {
  name: z.string().nullable().openapi({
    description: 'Name; null when the room was deleted for good, or the user is no longer a member.',
  }),
  participantSeconds: seconds('Connected time.'),
  calls: count('Calls.'),
};
const exact = z.boolean().openapi({
  description:
    'False when an entry, or part of a time, may be missing. Of a day the first 200 are stored. Of a month all ' +
    'are stored if there are up to 500, else the first 200. Of an hour of today all are stored if there are up to ' +
    '200, else the first 50.',
});
export const topUsersSchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The time that is answered, and the period before it.' }),
    exact,
    data: z
      .array(z.object({ userId: idSchema('user').openapi({ description: 'Id of the user.' }), ...topFields }))
      .openapi({ description: 'Users, the longest connected first.' }),
  })
  .openapi('TopUsers');
export const topRoomsSchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The time that is answered, and the period before it.' }),
    exact,
    data: z
      .array(z.object({ roomId: idSchema('room').openapi({ description: 'Id of the room.' }), ...topFields }))
      .openapi({ description: 'Rooms, those with the longest connected time first.' }),
  })
  .openapi('TopRooms');

const totalsExample: Totals = {
  calls: 420,
  lostCalls: 1,
  agentCalls: 12,
  callSeconds: 756_000,
  averageCallSeconds: 1_800,
  callTypes: {
    audio: { calls: 120, callSeconds: 108_000 },
    video: { calls: 240, callSeconds: 504_000 },
    screenShare: { calls: 60, callSeconds: 144_000 },
  },
  participations: 1_310,
  guestParticipations: 204,
  participantSeconds: 2_140_000,
  activeUsers: 61,
  sentBytes: 91_000_000_000,
  receivedBytes: 240_000_000_000,
  impairedParticipations: 37,
};
export const overviewExample = {
  range: rangeExample,
  members: 84,
  current: totalsExample,
  previous: totalsExample,
};
export const timelineExample = {
  range: rangeExample,
  data: [
    {
      startsAt: '2025-12-07T00:00:00Z',
      calls: 14,
      lostCalls: 0,
      participations: 44,
      participantSeconds: 71_000,
    },
  ],
};
const topExample = { name: 'Support', participantSeconds: 93_600, calls: 52 };
export const topUsersExample = {
  range: rangeExample,
  exact: true,
  data: [{ userId: exampleId('user'), ...topExample, name: 'The Owner' }],
};
export const topRoomsExample = {
  range: rangeExample,
  exact: true,
  data: [{ roomId: exampleId('room'), ...topExample }],
};
