import { z } from '@hono/zod-openapi';

const count = z.number().int();
const figures = {
  liveRooms: count,
  /** Connected, without agents. */
  participants: count,
  agents: count,
  lastMinute: z.object({ joins: count, leaves: count, callsStarted: count, callsEnded: count }),
};

export const realtimeSchema = z
  .object({
    ...figures,
    /** AF, AN, AS, EU, NA, OC, SA, or `unknown`; those in which anything goes on. */
    regions: z.array(z.object({ region: z.string(), ...figures })),
    measuredAt: z.iso.datetime(),
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
  regions: [{ region: 'EU', ...exampleFigures }],
  measuredAt: '2026-01-05T09:30:00.000Z',
};
