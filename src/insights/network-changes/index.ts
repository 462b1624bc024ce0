export { networkFigures, type NetworkMark, nextNetworkMark, sentLossRatio } from './network-changes.rules.ts';
