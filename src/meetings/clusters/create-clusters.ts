import { type Breaker, type Clock, createBreaker } from '../../platform/core/index.ts';
import type { Fetch } from '../../platform/observability/index.ts';
import type { Clusters } from './clusters.ports.ts';
import { chooseCluster, type Cluster, clusterNamed } from './clusters.rules.ts';
import { signJoinToken } from './join-token.ts';
import { createMediaApi } from './media-api.ts';
import { receiveEvent } from './receive-event.ts';
import { isClusterFailure } from './twirp.ts';

const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;

/** The clusters of a configuration, each with a breaker of its own. */
export function createClusters(
  clusters: readonly Cluster[],
  clock: Clock,
  call: Fetch = (url, init) => fetch(url, init),
): Clusters {
  const breakers = new Map<string, Breaker>(
    clusters.map(({ name }) => [
      name,
      createBreaker({
        name: `media cluster ${name}`,
        clock,
        failures: FAILURES_TO_OPEN,
        openMs: OPEN_MS,
        isFailure: isClusterFailure,
      }),
    ]),
  );
  const named = (name: string) => clusterNamed(clusters, name);
  return {
    names: clusters.map(({ name }) => name),
    choose: (continent) => chooseCluster(clusters, continent).name,
    url: (name) => named(name).url,
    joinToken: async (name, join) => signJoinToken(named(name), join),
    api: (name, trace) =>
      createMediaApi({ cluster: named(name), breaker: breakers.get(name)!, clock, trace, call }),
    receive: (body, authorization) => receiveEvent(clusters, body, authorization),
    state: (name) => breakers.get(named(name).name)!.state,
  };
}
