import { z } from '@hono/zod-openapi';

const count = (description: string) => z.number().int().openapi({ description });
const figures = {
  liveRooms: count('Rooms with a call to which a participant has connected.'),
  participants: count('Connected participants, without agents.'),
  agents: count('Connected agents.'),
  lastMinute: z
    .object({
      joins: count('Connections that began; a reconnection counts again.'),
      leaves: count('Connections that ended.'),
      callsStarted: count('Calls that started.'),
      callsEnded: count('Calls that ended.'),
    })
    .openapi({ description: 'What happened within the last 60 seconds.' }),
};

export const realtimeSchema = z
  .object({
    ...figures,
    ai: z
      .object({
        running: count('Requests to models that are running.'),
        lastMinute: z
          .object({
            requests: count('Requests that were made.'),
            failed: count('Number of them that failed.'),
          })
          .openapi({ description: 'Requests within the last 60 seconds.' }),
      })
      .openapi({ description: 'Requests to language models, in calls and outside of them.' }),
    regions: z
      .array(
        z.object({
          region: z.string().openapi({
            description:
              'Continent: `AF`, `AN`, `AS`, `EU`, `NA`, `OC` or `SA`; `unknown` when the network did not say.',
          }),
          ...figures,
        }),
      )
      .openapi({ description: 'The figures by region, for regions with any activity.' }),
    measuredAt: z.iso.datetime().openapi({ description: 'When the figures were counted.' }),
  })
  .openapi('RealtimeAnalytics');
export type RealtimeView = z.output<typeof realtimeSchema>;

const exampleFigures = {
  liveRooms: 2,
  participants: 7,
  agents: 1,
  lastMinute: { joins: 3, leaves: 1, callsStarted: 1, callsEnded: 0 },
};
export const realtimeExample: RealtimeView = {
  ...exampleFigures,
  ai: { running: 1, lastMinute: { requests: 4, failed: 0 } },
  regions: [{ region: 'EU', ...exampleFigures }],
  measuredAt: '2026-01-05T09:30:00.000Z',
};
