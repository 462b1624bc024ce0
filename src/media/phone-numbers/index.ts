export { phoneNumberChanged } from './phone-numbers.events.ts';
export { selectReadyNumbers } from './phone-numbers.queries.ts';
export { type ClusterComparison, compareWithClusters, type Comparison } from './compare-with-clusters.ts';
