export { networkSampleOf } from './recommendations.rules.ts';
