import { type Breaker, type Clock, createBreaker, type Trace } from '../../kernel/core/index.ts';
import type { Fetch } from '../../platform/observability/index.ts';
import type { Clusters } from './clusters.ports.ts';
import { chooseCluster, type Cluster, requireCluster } from './clusters.rules.ts';
import { signJoinToken, verifyWebhook } from './cluster-keys.ts';
import { createCallInApi } from './create-call-in-api.ts';
import { createIngressApi } from './create-ingress-api.ts';
import { createMediaApi } from './create-media-api.ts';
import { createPhoneApi } from './create-phone-api.ts';
import { createRecorderApi } from './create-recorder-api.ts';
import { createStreamerApi } from './create-streamer-api.ts';
import { isClusterFailure } from './create-twirp-client.ts';

const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;

const createBreakers = (clusters: readonly Cluster[], clock: Clock, what: string) =>
  new Map<string, Breaker>(
    clusters.map(({ name }) => [
      name,
      createBreaker({
        name: `${what} ${name}`,
        clock,
        failureThreshold: FAILURES_TO_OPEN,
        openMs: OPEN_MS,
        isFailure: isClusterFailure,
      }),
    ]),
  );

/** Creates the port to the configured clusters, each with its own breakers. */
export function createClusters(
  clusters: readonly Cluster[],
  clock: Clock,
  fetcher: Fetch = (url, init) => fetch(url, init),
): Clusters {
  const breakers = createBreakers(clusters, clock, 'media cluster');
  const phoneBreakers = createBreakers(clusters, clock, 'telephone line of media cluster');
  const requireByName = (name: string) => requireCluster(clusters, name);
  const optionsOf = (name: string, trace: Trace | undefined) => ({
    cluster: requireByName(name),
    breaker: breakers.get(name)!,
    clock,
    trace,
    fetcher,
  });
  return {
    names: clusters.map(({ name }) => name),
    chooseCluster: (continent) => chooseCluster(clusters, continent).name,
    clientUrl: (name) => requireByName(name).url,
    signJoinToken: async (name, join) => signJoinToken(requireByName(name), join),
    api: (name, trace) => createMediaApi(optionsOf(name, trace)),
    recorders: (name, trace) => createRecorderApi(optionsOf(name, trace)),
    streamers: (name, trace) => createStreamerApi(optionsOf(name, trace)),
    ingresses: (name, trace) => createIngressApi(optionsOf(name, trace)),
    phones: (name, trace) => createPhoneApi({ ...optionsOf(name, trace), breaker: phoneBreakers.get(name)! }),
    callIns: (name, trace) =>
      createCallInApi({ ...optionsOf(name, trace), breaker: phoneBreakers.get(name)! }),
    verifyWebhook: (body, authorization) => verifyWebhook(clusters, body, authorization),
    breakerState: (name) => breakers.get(requireByName(name).name)!.state,
  };
}
