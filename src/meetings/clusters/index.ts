export { clusterErrors } from './clusters.errors.ts';
export { TRACK_SOURCES } from './clusters.ports.ts';
export type {
  Clusters,
  JoinToken,
  LiveParticipant,
  LiveRoom,
  LiveTrack,
  MediaApi,
  MediaGrants,
  TrackSourceName,
} from './clusters.ports.ts';
export { type Cluster, clustersOf } from './clusters.rules.ts';
export { createClusters } from './create-clusters.ts';
export { participantView, storable, trackView } from './live-views.ts';
