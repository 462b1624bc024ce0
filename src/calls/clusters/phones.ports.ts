/** What a telephone call that the cluster makes is doing there. */
export const CLUSTER_PHONE_STATUSES = ['dialing', 'ringing', 'active', 'ended'] as const;

/** The participant of a telephone call, as a cluster has it. */
export interface ClusterPhone {
  sid: string;
  identity: string;
  status: (typeof CLUSTER_PHONE_STATUSES)[number];
}

export interface DialRequest {
  /** Where the call goes to, and what is needed there. */
  trunk: {
    /** Host, with a port or without one. */
    address: string;
    transport: 'auto' | 'udp' | 'tcp' | 'tls';
    credentials: { username: string; password: string } | null;
  };
  /** What is called, and what the one who is called sees; E.164. */
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
   * Has the provider connect a telephone to another number, and waits for that, up to 25 seconds. Not repeated on failure. What it waits for is
   * not the cluster, so that it counts for no breaker.
   * @returns false when there is no such participant
   */
  transfer(room: string, identity: string, number: string): Promise<boolean>;
  /** @returns whether there was such a participant */
  hangUp(room: string, identity: string): Promise<boolean>;
}
