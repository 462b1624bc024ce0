import { clusterErrors } from './clusters.errors.ts';

export interface Cluster {
  name: string;
  /** Where clients connect: `wss://…`. */
  url: string;
  /** Where its API is: `https://…`. */
  apiUrl: string;
  apiKey: string;
  apiSecret: string;
  /** The continents it is for; the first cluster is for all the others. */
  continents: readonly string[];
}

/**
 * The cluster for who is on the continent: one that says it is for it, else the first.
 * @throws AppError `clusters.not_configured` when there is none at all
 */
export function chooseCluster(clusters: readonly Cluster[], continent: string | null): Cluster {
  const near = clusters.find(({ continents }) => continent !== null && continents.includes(continent));
  const chosen = near ?? clusters[0];
  if (!chosen) throw clusterErrors.notConfigured();
  return chosen;
}

/** @throws AppError `clusters.not_configured` when no cluster has the name any more */
export function requireCluster(clusters: readonly Cluster[], name: string): Cluster {
  const cluster = clusters.find((each) => each.name === name);
  if (!cluster) throw clusterErrors.notConfigured({ detail: `there is no cluster ${name}` });
  return cluster;
}

interface LivekitConfig {
  LIVEKIT_URL: string | undefined;
  LIVEKIT_API_KEY?: string | undefined;
  LIVEKIT_API_SECRET?: string | undefined;
  LIVEKIT_CLUSTERS?: readonly Omit<Cluster, 'apiUrl'>[] | undefined;
}

/** The clusters of a configuration: those that are listed, after the single one that is named `default`. */
export function clustersFromConfig(config: LivekitConfig): Cluster[] {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = config;
  const single =
    url && apiKey && apiSecret ? [{ name: 'default', url, apiKey, apiSecret, continents: [] }] : [];
  return [...single, ...(config.LIVEKIT_CLUSTERS ?? [])].map((cluster) => ({
    ...cluster,
    apiUrl: cluster.url.replace(/^ws/, 'http').replace(/\/$/, ''),
  }));
}
