import { decodeJwt } from 'jose';
import type { WebhookEvent } from 'livekit-server-sdk';
import { clusterErrors } from './clusters.errors.ts';
import type { Cluster } from './clusters.rules.ts';
import { loadSdk } from './load-sdk.ts';

/** Events wait in the cluster's memory before they are sent again; a signature is good for as long. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** @throws AppError `clusters.bad_signature` unless one of the clusters signed exactly this body */
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
    if (!cluster) throw new Error('the token names no key of ours');
    const receiver = new WebhookReceiver(cluster.apiKey, cluster.apiSecret);
    const event = await receiver.receive(body, token, false, CLOCK_TOLERANCE_SECONDS);
    return { cluster: cluster.name, event };
  } catch (cause) {
    throw clusterErrors.badSignature({ cause });
  }
}
