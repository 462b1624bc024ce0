import { decodeJwt } from 'jose';
import type { WebhookEvent } from 'livekit-server-sdk';
import { clusterErrors } from './clusters.errors.ts';
import type { Cluster } from './clusters.rules.ts';
import { loadSdk } from './create-twirp-client.ts';

/** The cluster repeats an event with its first signature, so it must remain valid a little longer. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** Finds the cluster that signed exactly this body. @throws AppError `clusters.bad_signature` */
export async function verifyWebhook(
  clusters: readonly Cluster[],
  body: string,
  authorization: string,
): Promise<{ cluster: string; event: WebhookEvent }> {
  const token = authorization.replace(/^Bearer /i, '');
  const { WebhookReceiver } = await loadSdk();
  try {
    const { iss } = decodeJwt(token);
    const cluster = clusters.find(({ apiKey }) => apiKey === iss);
    if (!cluster) throw new Error('no cluster has the API key of the token');
    const receiver = new WebhookReceiver(cluster.apiKey, cluster.apiSecret);
    const event = await receiver.receive(body, token, false, CLOCK_TOLERANCE_SECONDS);
    return { cluster: cluster.name, event };
  } catch (cause) {
    throw clusterErrors.badSignature({ cause });
  }
}
