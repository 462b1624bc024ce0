export { actAtCluster } from './act-at-cluster.ts';
export { clusterErrors } from './clusters.errors.ts';
export {
  TOKEN_LEEWAY_SECONDS,
  TRACK_KINDS,
  TRACK_SOURCES,
  type TrackKind,
  type TrackSource,
} from './clusters.enums.ts';
export type {
  Clusters,
  JoinTokenRequest,
  ClusterParticipant,
  ClusterRoom,
  ClusterTrack,
  MediaApi,
  MediaGrants,
  ClusterRecording,
  RecorderApi,
  RecordingRequest,
} from './clusters.ports.ts';
export type { ClusterStream, ClusterTarget, StreamerApi, StreamRequest } from './streams.ports.ts';
export type { ClusterIngress, IngressAddress, IngressApi, IngressRequest } from './ingresses.ports.ts';
export type {
  CallInApi,
  ClusterEntries,
  ClusterEntry,
  ClusterPhone,
  DialRequest,
  DispatchRule,
  InboundNumber,
  PhoneApi,
} from './phones.ports.ts';
export { type Cluster, clustersFromConfig } from './clusters.rules.ts';
export { createClusters } from './create-clusters.ts';
export {
  toClusterParticipant,
  toClusterTrack,
  toMilliseconds,
  toStorableText,
} from './livekit-objects.rules.ts';
