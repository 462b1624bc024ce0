export const CLUSTER_INGRESS_STATUSES = ['inactive', 'buffering', 'publishing', 'error', 'complete'] as const;

/** An ingress as a cluster lists it. */
export interface ClusterIngress {
  ingressId: string;
  /** The organization that it was created for; empty when it is not the product's. */
  organizationId: string;
  /** The LiveKit room that it publishes to: a call's id; empty when it was given none yet. */
  room: string;
  /** Identity of the participant that it creates. */
  identity: string;
  /** Name of that participant. */
  name: string;
  /** Whether it takes a sender. */
  enabled: boolean;
  /** State of the present session, or of the last one. */
  status: (typeof CLUSTER_INGRESS_STATUSES)[number];
  startedAtMs: number | null;
  endedAtMs: number | null;
}

export type IngressRequest = { organizationId: string; identity: string; name: string } & (
  | {
      kind: 'rtmp' | 'whip';
      /** The LiveKit room that senders are let into; null: none are let in. */
      room: string | null;
    }
  | {
      /** It is read from the address at once, once. */
      kind: 'url';
      room: string;
      url: string;
    }
);

/** Where media are sent to an ingress. */
export interface IngressAddress {
  url: string;
  streamKey: string;
}

/**
 * The ingresses of a cluster. Each request has a time limit and goes through the cluster's breaker.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface IngressApi {
  /**
   * Not repeated on failure: when its answer is lost, `list` shows whether there is one.
   * @returns null when nothing at the cluster is free to read the address
   */
  create(ingress: IngressRequest): Promise<ClusterIngress | null>;
  /**
   * Changes one that media are sent to, and ends its present session. @param change `room` null: senders are let in no more
   * @returns null when there is no such ingress
   */
  update(ingressId: string, change: { room: string | null; name: string }): Promise<ClusterIngress | null>;
  /** Ends its session, and forgets it with its key. @returns whether there was one */
  remove(ingressId: string): Promise<boolean>;
  /** @returns null when there is no such ingress */
  get(ingressId: string): Promise<ClusterIngress | null>;
  list(): Promise<ClusterIngress[]>;
  /** @returns null when there is no such ingress */
  readAddress(ingressId: string): Promise<IngressAddress | null>;
}
