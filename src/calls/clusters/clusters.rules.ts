import { clusterErrors } from './clusters.errors.ts';

export interface Cluster {
  name: string;
  /** Address for clients: `wss://…`. */
  url: string;
  /** Address of its API: `https://…`. */
  apiUrl: string;
  apiKey: string;
  apiSecret: string;
  /** Continents that the cluster serves, two letters each; the first cluster serves all others. */
  continents: readonly string[];
}

/**
 * The cluster that serves the continent, otherwise the first.
 * @throws AppError `clusters.not_configured` when there is no cluster
 */
export function chooseCluster(clusters: readonly Cluster[], continent: string | null): Cluster {
  const near = clusters.find(({ continents }) => continent !== null && continents.includes(continent));
  const chosen = near ?? clusters[0];
  if (!chosen) throw clusterErrors.notConfigured();
  return chosen;
}

/** @throws AppError `clusters.not_configured` when no configured cluster has the name */
export function requireCluster(clusters: readonly Cluster[], name: string): Cluster {
  const cluster = clusters.find((each) => each.name === name);
  if (!cluster) throw clusterErrors.notConfigured({ detail: `no cluster is named ${name}` });
  return cluster;
}

interface LivekitConfig {
  LIVEKIT_URL: string | undefined;
  LIVEKIT_API_KEY?: string | undefined;
  LIVEKIT_API_SECRET?: string | undefined;
  LIVEKIT_CLUSTERS?: readonly Omit<Cluster, 'apiUrl'>[] | undefined;
}

/** The configured clusters: the single one, named `default`, then those of the list. */
export function clustersFromConfig(config: LivekitConfig): Cluster[] {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = config;
  const single =
    url && apiKey && apiSecret ? [{ name: 'default', url, apiKey, apiSecret, continents: [] }] : [];
  return [...single, ...(config.LIVEKIT_CLUSTERS ?? [])].map((cluster) => ({
    ...cluster,
    apiUrl: cluster.url.replace(/^ws/, 'http').replace(/\/$/, ''),
  }));
}
