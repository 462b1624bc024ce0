import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, sha256Hex } from '../../kernel/core/index.ts';
import { toStorableText } from '../clusters/index.ts';
import { isCallRoom } from './sync.rules.ts';
import { roomNameOf } from './parse-cluster-event.ts';
import { storeClusterEvent } from './store-cluster-event.ts';

/** An id as clusters give them; whatever else stands there is none. */
const EVENT_ID = /^[\w-]{1,128}$/;

type ReceiptOutcome = 'stored' | 'foreign' | 'refused' | 'failed';

const countEvent = ({ telemetry }: Ctx, outcome: ReceiptOutcome, cluster = '') =>
  telemetry.counters.add('auralink_isolate_cluster_events_total', { outcome, cluster });

/**
 * Takes what a cluster tells. It is stored when this returns, unless it is about a LiveKit room that is no call: that is
 * taken and not kept.
 * @throws AppError `clusters.bad_signature`, `server.unavailable`; the cluster repeats what was not taken, but for 4xx
 */
export async function receiveClusterEvent(ctx: Ctx, body: string, authorization: string): Promise<void> {
  let cluster = '';
  try {
    const received = await ctx.ports.clusters.verifyWebhook(body, authorization);
    const { event } = received;
    cluster = received.cluster;
    const room = roomNameOf(event);
    if (!isCallRoom(room)) return countEvent(ctx, 'foreign', cluster);
    await storeClusterEvent(ctx, {
      id: EVENT_ID.test(event.id) ? event.id : await sha256Hex(body),
      cluster,
      room,
      type: toStorableText(event.event),
      body,
      receivedAt: new Date(ctx.clock.now()),
    });
    countEvent(ctx, 'stored', cluster);
  } catch (error) {
    countEvent(
      ctx,
      error instanceof AppError && error.definition.status < 500 ? 'refused' : 'failed',
      cluster,
    );
    throw error;
  }
}
