import {
  clusterErrors,
  type ClusterStream,
  type StreamerApi,
  type StreamRequest,
} from '../../../src/calls/clusters/index.ts';

/** How the streamers of a cluster misbehave. */
export type StreamerFault =
  /** No recorder is free. */
  | 'busy'
  | 'refuses'
  /** Begins, or changes, and its answer is lost. */
  | 'loses_answer'
  | 'unreachable';

/** As LiveKit hides keys in what it reports. */
const hideKey = (url: string) =>
  url.startsWith('srt:') ? url : url.replace(/[^/]+$/, (key) => `{${key.slice(0, 3)}...${key.slice(-3)}}`);

/** The recorders of a cluster as senders of live streams, without media: tests say what happens to a stream. */
export class FakeStreamer implements StreamerApi {
  fault: StreamerFault | null = null;
  readonly streams: ClusterStream[] = [];
  /** What was asked to start, with the whole addresses. */
  readonly started: StreamRequest[] = [];
  /** The methods called. */
  readonly calls: string[] = [];
  /** What happens while the cluster is asked to change targets. */
  whileChanging: () => Promise<void> = async () => undefined;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly start: StreamerApi['start'] = async (request) => {
    this.#enter('start');
    if (this.fault === 'busy') return null;
    if (this.fault === 'refuses') throw clusterErrors.refused();
    this.started.push(request);
    const stream: ClusterStream = {
      egressId: `EG_${request.room}_${this.streams.length}`,
      room: request.room,
      status: 'starting',
      layout: `${request.layout}-${request.label}-dark`,
      targets: request.urls.map((url) => this.#toTarget(url)),
      segments: request.segments ? { count: 0, sizeBytes: 0, durationMs: 0 } : null,
      startedAtMs: this.#now(),
      endedAtMs: null,
    };
    this.streams.push(stream);
    if (this.fault === 'loses_answer') throw clusterErrors.unavailable();
    return structuredClone(stream);
  };

  readonly changeTargets: StreamerApi['changeTargets'] = async (egressId, { add, remove }) => {
    this.#enter('changeTargets');
    await this.whileChanging();
    if (this.fault === 'refuses') throw clusterErrors.refused();
    const stream = this.streams.find((each) => each.egressId === egressId);
    if (!stream || stream.endedAtMs !== null) return null;
    stream.targets.push(...add.map((url) => this.#toTarget(url)));
    for (const url of remove)
      Object.assign(
        stream.targets.findLast((each) => each.url === hideKey(url))!,
        {
          status: 'finished',
          endedAtMs: this.#now(),
        },
      );
    if (this.fault === 'loses_answer') throw clusterErrors.unavailable();
    return structuredClone(stream);
  };

  readonly stop: StreamerApi['stop'] = async (egressId) => {
    this.#enter('stop');
    const stream = this.streams.find((each) => each.egressId === egressId);
    if (!stream || stream.endedAtMs !== null) return null;
    stream.status = 'ending';
    return structuredClone(stream);
  };

  readonly list: StreamerApi['list'] = async (room) => {
    this.#enter('list');
    const isAsked = (each: ClusterStream) => (room === null ? each.endedAtMs === null : each.room === room);
    return structuredClone(this.streams.filter(isAsked));
  };

  /** Ends the newest stream with its targets. */
  end(status: ClusterStream['status'] = 'complete'): void {
    const stream = this.streams.at(-1)!;
    Object.assign(stream, { status, endedAtMs: this.#now() });
    for (const target of stream.targets)
      if (target.status === 'active')
        Object.assign(target, {
          status: status === 'failed' ? 'failed' : 'finished',
          endedAtMs: this.#now(),
        });
  }

  #toTarget(url: string): ClusterStream['targets'][number] {
    return { url: hideKey(url), status: 'active', startedAtMs: this.#now(), endedAtMs: null };
  }

  #enter(method: string): void {
    this.calls.push(method);
    if (this.fault === 'unreachable') throw clusterErrors.unavailable();
  }
}
