import {
  type ClusterPhone,
  clusterErrors,
  type DialRequest,
  type DispatchRule,
  type PhoneApi,
} from '../../../src/calls/clusters/index.ts';
import type { SimulatedCluster } from './cluster.ts';
import type { LeaveReason } from './shapes.ts';

/** How the telephone line of a cluster misbehaves. */
export type PhoneFault =
  /** Nothing is free to dial. */
  | 'busy'
  | 'refuses'
  /** Dials, and its answer is lost. */
  | 'loses_answer'
  /** Takes the request, and does nothing. */
  | 'hangs'
  | 'unreachable';

/** The telephone line of a cluster, without media: tests say what the telephones do. Their participants are in the simulated rooms. */
export class FakePhones implements PhoneApi {
  fault: PhoneFault | null = null;
  readonly dialed: DialRequest[] = [];
  readonly hungUp: string[] = [];
  readonly transferred: string[] = [];
  /** What happens while the cluster is asked to dial. */
  whileDialing: () => Promise<void> = async () => undefined;
  /** What happens while the cluster is asked to transfer. */
  whileTransferring: () => Promise<void> = async () => undefined;
  readonly #cameBy = new Map<string, ClusterPhone['cameBy']>();
  readonly #statuses = new Map<string, ClusterPhone['status']>();
  readonly #cluster: SimulatedCluster;

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
  }

  readonly dial: PhoneApi['dial'] = async (request) => {
    this.#enter();
    await this.whileDialing();
    if (this.fault === 'busy') return false;
    if (this.fault === 'refuses') throw clusterErrors.refused();
    this.dialed.push(request);
    if (this.fault === 'hangs') throw clusterErrors.unavailable();
    this.appear(request);
    if (this.fault === 'loses_answer') throw clusterErrors.unavailable();
    return true;
  };

  readonly find: PhoneApi['find'] = async (room, identity) => {
    this.#enter();
    const participant = this.#cluster.rooms.get(room)?.participants.get(identity);
    if (!participant) return null;
    const { sid, name } = participant;
    const status = this.#statuses.get(identity) ?? 'dialing';
    return { sid, identity, name, status, cameBy: this.#cameBy.get(identity) ?? null };
  };

  readonly transfer: PhoneApi['transfer'] = async (room, identity, number) => {
    this.transferred.push(number);
    await this.whileTransferring();
    this.#enter();
    if (this.fault === 'refuses') throw clusterErrors.refused();
    return (this.#cluster.rooms.get(room)?.participants.has(identity) ?? false) && this.fault !== 'busy';
  };

  readonly hangUp: PhoneApi['hangUp'] = async (room, identity) => {
    this.#enter();
    if (!this.#cluster.rooms.get(room)?.participants.has(identity)) return false;
    this.hungUp.push(identity);
    this.#cluster.leave(room, identity, 'PARTICIPANT_REMOVED');
    return true;
  };

  /** The participant of a telephone comes into its room. */
  appear({ room, identity, name, attributes }: DialRequest): void {
    this.#statuses.set(identity, 'dialing');
    this.#cluster.join(room, identity, { name, attributes });
  }

  /** The telephone rings, or somebody answers. */
  becomes(identity: string, status: ClusterPhone['status']): void {
    this.#statuses.set(identity, status);
  }

  /** Somebody calls in by a rule of the cluster. @returns their identity */
  comesIn(
    { room, ref: ruleId, trunkIds, attributes }: DispatchRule & { ref: string },
    digits: string,
  ): string {
    const identity = `sip_${digits}`;
    this.#statuses.set(identity, 'active');
    this.#cameBy.set(identity, { trunkId: trunkIds[0], ruleId });
    this.#cluster.join(room, identity, { name: `Phone ${digits.slice(-4)}`, attributes });
    return identity;
  }

  /** The telephone leaves its room: it hangs up, declines, or does not answer. */
  leaves(identity: string, reason: LeaveReason): void {
    const { room } = this.dialed.find((each) => each.identity === identity)!;
    this.#cluster.leave(room, identity, reason);
  }

  #enter(): void {
    if (this.fault === 'unreachable') throw clusterErrors.unavailable();
  }
}
