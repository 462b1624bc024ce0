import type { ClusterStream } from '../../calls/clusters/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { publishEach, runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { type ClusterSweep, stopStrays } from '../egress/index.ts';
import { advanceStream } from './advance-stream.ts';
import type { StreamState } from './streams.enums.ts';
import { streamFollowed } from './streams.events.ts';
import { selectOpenStreams, selectStreamEgresses, selectStreamsToSweep } from './streams.queries.ts';
import { isOver, streamIdsIn } from './streams.rules.ts';

const STREAMS_PER_RUN = 500;

/** Scheduled each minute: advances every stream that is not over, in case an event was lost. */
export async function sweepStreams(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectStreamsToSweep(q, new Date(services.clock.now()), STREAMS_PER_RUN),
  ]);
  return runSweep(services, 'streams.sweep', due, (ctx, { id }) => advanceStream(ctx, id));
}

/**
 * Scheduled each minute: stops streams at a cluster that the product has no row for. Streams of others at the same
 * cluster are left alone.
 */
export const sweepStreamers = (services: Services): Promise<ClusterSweep[]> =>
  stopStrays<ClusterStream>(services, {
    name: 'streams',
    api: (cluster) => services.ports.clusters.streamers(cluster),
    idsIn: streamIdsIn,
    readRows: async (ids) => {
      const [rows] = await services.database.read(systemScope, (q) => [selectStreamEgresses(q, ids)]);
      return rows;
    },
    isOver: (state) => isOver(state as StreamState),
  });

/** Advances the open streams of a call, each in the name of its organization, after a report of the cluster. */
export async function followStreamReports(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenStreams(q, callId)], systemScope);
  await publishEach(ctx, due, (streamId) => streamFollowed.of({ streamId }));
}
