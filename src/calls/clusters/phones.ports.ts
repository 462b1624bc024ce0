/** The state of a telephone call that the cluster makes. */
export const CLUSTER_PHONE_STATUSES = ['dialing', 'ringing', 'active', 'ended'] as const;

/** The participant of a telephone call, as a cluster has it. */
export interface ClusterPhone {
  sid: string;
  identity: string;
  /** What everybody in the call sees. */
  name: string;
  /** The trunk and rule by which it came in, as the cluster names them; null for a telephone that was called. */
  cameBy: { trunkId: string; ruleId: string } | null;
  status: (typeof CLUSTER_PHONE_STATUSES)[number];
}

export interface DialRequest {
  /** The destination of the call, with its credentials. */
  trunk: {
    /** Host, with a port or without one. */
    address: string;
    transport: 'auto' | 'udp' | 'tcp' | 'tls';
    credentials: { username: string; password: string } | null;
  };
  /** The number that is called, and the number that the person called sees; E.164. */
  number: string;
  callerNumber: string;
  /** The LiveKit room: the call's id. */
  room: string;
  identity: string;
  name: string;
  /** Visible to everyone in the call. */
  attributes: Record<string, string>;
  /** Keys that are pressed once somebody has answered; `w` waits half a second. Empty for none. */
  digits: string;
  /** How long it rings at most. */
  ringSeconds: number;
  /** How long it lasts at most. */
  maxSeconds: number;
}

/**
 * The telephone line of a cluster. Each request has a time limit, and goes through a breaker of its own: how the provider of one
 * customer answers must not take the cluster from everybody.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface PhoneApi {
  /**
   * Begins to call a number; it does not wait for an answer. Not repeated on failure: when its own answer is lost, `find` shows whether
   * it began.
   * @returns false when nothing at the cluster is free to dial
   */
  dial(request: DialRequest): Promise<boolean>;
  /** @returns null when there is no such participant in the room */
  find(room: string, identity: string): Promise<ClusterPhone | null>;
  /**
   * Has the provider connect a telephone to another number, and waits for that, up to 25 seconds. Not repeated on
   * failure. It does not wait for the cluster, so it counts for no breaker.
   * @returns false when there is no such participant
   */
  transfer(room: string, identity: string, number: string): Promise<boolean>;
  /** @returns whether there was such a participant */
  hangUp(room: string, identity: string): Promise<boolean>;
}

/** A number of a customer at which a cluster takes telephone calls. */
export interface InboundNumber {
  organizationId: string;
  /** Id of the number here. */
  id: string;
  /** E.164. */
  number: string;
  /** Networks that calls come from, in CIDR notation; empty for any. */
  allowedNetworks: readonly string[];
  credentials: { username: string; password: string } | null;
  /** How long a call lasts at most. */
  maxSeconds: number;
}

/** Lets those who call certain numbers, and press a PIN, into a LiveKit room. */
export interface DispatchRule {
  organizationId: string;
  /** Id of the room here. */
  id: string;
  /** At least one: a rule without trunks would be for the numbers of everybody. */
  trunkIds: readonly [string, ...string[]];
  pin: string;
  /** The LiveKit room: the call's id. */
  room: string;
  /** Attributes of each caller, visible to everyone in the call. */
  attributes: Record<string, string>;
}

/** A number or a rule, as a cluster lists it. */
export interface ClusterEntry {
  /** Its id at the cluster. */
  ref: string;
  /** Empty for one that is not of this product. */
  organizationId: string;
  id: string;
}

export interface ClusterEntries<Wanted> {
  /** Not repeated on failure: when the answer is lost, `list` shows whether it is there. @returns its id at the cluster */
  create(wanted: Wanted): Promise<string>;
  /** @returns false when the cluster does not have it */
  replace(ref: string, wanted: Wanted): Promise<boolean>;
  remove(ref: string): Promise<void>;
  /** All numbers or rules of the cluster, also those of others. */
  list(): Promise<ClusterEntry[]>;
}

/**
 * Telephone calls that come in at a cluster. Each request has a time limit and goes through the breaker of the telephone line.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface CallInApi {
  numbers: ClusterEntries<InboundNumber>;
  rules: ClusterEntries<DispatchRule>;
}
