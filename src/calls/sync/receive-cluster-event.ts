import type { Ctx } from '../../kernel/context/index.ts';
import { isRefusal, sha256Hex } from '../../kernel/core/index.ts';
import { checkConnection } from '../connections/index.ts';
import { toStorableText } from '../clusters/index.ts';
import { isCallRoom } from './sync.rules.ts';
import { roomNameOf, storedBodyOf } from './parse-cluster-event.ts';
import { storeClusterEvent } from './store-cluster-event.ts';

/** The form of LiveKit's event ids; an event with another id gets the hash of its body. */
const EVENT_ID = /^[\w-]{1,128}$/;

type ReceiptOutcome = 'stored' | 'foreign' | 'refused' | 'failed';

const countEvent = ({ telemetry }: Ctx, outcome: ReceiptOutcome, cluster = '') =>
  telemetry.counters.add('auralink_isolate_cluster_events_total', { outcome, cluster });

/**
 * Receives a webhook of a media cluster. The event is stored when this returns; one about a LiveKit room that is not a
 * call of this product is accepted and dropped. A participant who may not be in the call is disconnected at the same
 * time, because processing by the ledger takes seconds.
 * @param authorization the webhook's `Authorization` header: a JWT with the hash of `body`
 * @throws AppError `clusters.bad_signature` (the cluster does not repeat it) or `server.unavailable` (it does)
 */
export async function receiveClusterEvent(ctx: Ctx, body: string, authorization: string): Promise<void> {
  let cluster = '';
  try {
    const received = await ctx.ports.clusters.verifyWebhook(body, authorization);
    const { event } = received;
    cluster = received.cluster;
    const room = roomNameOf(event);
    if (!isCallRoom(room)) return countEvent(ctx, 'foreign', cluster);
    const identity = event.participant?.identity ?? '';
    ctx.after('calls.check_connection', () =>
      checkConnection(ctx, event.event, { callId: room, identity, cluster }),
    );
    await storeClusterEvent(ctx, {
      id: EVENT_ID.test(event.id) ? event.id : await sha256Hex(body),
      cluster,
      room,
      type: toStorableText(event.event),
      body: storedBodyOf(event, body),
      receivedAt: new Date(ctx.clock.now()),
    });
    countEvent(ctx, 'stored', cluster);
  } catch (error) {
    countEvent(ctx, isRefusal(error) ? 'refused' : 'failed', cluster);
    throw error;
  }
}
