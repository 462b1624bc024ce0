import {
  type ClusterIngress,
  clusterErrors,
  type IngressApi,
  type IngressRequest,
} from '../../../src/calls/clusters/index.ts';

/** How the ingresses of a cluster misbehave. */
export type IngressFault =
  /** Nothing is free to read an address. */
  | 'busy'
  | 'refuses'
  /** Creates, and its answer is lost. */
  | 'loses_answer'
  | 'unreachable';

/** The ingresses of a cluster, without media: tests say what happens to a session. */
export class FakeIngresses implements IngressApi {
  fault: IngressFault | null = null;
  readonly all: ClusterIngress[] = [];
  /** What was asked for. */
  readonly created: IngressRequest[] = [];
  /** The methods called. */
  readonly calls: string[] = [];
  /** What happens while the cluster is asked to create one. */
  whileCreating: () => Promise<void> = async () => undefined;
  readonly #now: () => number;
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly create: IngressApi['create'] = async (request) => {
    this.#enter('create');
    await this.whileCreating();
    if (this.fault === 'busy') return null;
    if (this.fault === 'refuses') throw clusterErrors.refused();
    this.created.push(request);
    const { organizationId, identity, name, room } = request;
    const ingress: ClusterIngress = {
      ingressId: `IN_${++this.#made}`,
      organizationId,
      room: room ?? '',
      identity,
      name,
      enabled: room !== null,
      status: request.kind === 'url' ? 'buffering' : 'inactive',
      startedAtMs: null,
      endedAtMs: null,
    };
    this.all.push(ingress);
    if (this.fault === 'loses_answer') throw clusterErrors.unavailable();
    return structuredClone(ingress);
  };

  readonly update: IngressApi['update'] = async (ingressId, { room, name }) => {
    this.#enter('update');
    const ingress = this.#find(ingressId);
    if (!ingress) return null;
    if (ingress.status === 'publishing') this.session(ingressId, 'inactive');
    Object.assign(ingress, { enabled: room !== null, name, ...(room === null ? {} : { room }) });
    return structuredClone(ingress);
  };

  readonly remove: IngressApi['remove'] = async (ingressId) => {
    this.#enter('remove');
    const index = this.all.findIndex((each) => each.ingressId === ingressId);
    if (index >= 0) this.all.splice(index, 1);
    return index >= 0;
  };

  readonly get: IngressApi['get'] = async (ingressId) => {
    this.#enter('get');
    return structuredClone(this.#find(ingressId) ?? null);
  };

  readonly list: IngressApi['list'] = async () => {
    this.#enter('list');
    return structuredClone(this.all);
  };

  readonly readAddress: IngressApi['readAddress'] = async (ingressId) => {
    this.#enter('readAddress');
    return this.#find(ingressId)
      ? { url: 'rtmp://ingress.example/live', streamKey: `key-of-${ingressId}` }
      : null;
  };

  /** A sender or the URL connects, publishes or goes. */
  session(ingressId: string, status: ClusterIngress['status']): void {
    const isOpen = status === 'publishing' || status === 'buffering';
    const ingress = this.#find(ingressId)!;
    Object.assign(ingress, {
      status,
      startedAtMs: isOpen ? this.#now() : ingress.startedAtMs,
      endedAtMs: isOpen ? null : this.#now(),
    });
  }

  #find(ingressId: string): ClusterIngress | undefined {
    return this.all.find((each) => each.ingressId === ingressId);
  }

  #enter(method: string): void {
    this.calls.push(method);
    if (this.fault === 'unreachable') throw clusterErrors.unavailable();
  }
}
