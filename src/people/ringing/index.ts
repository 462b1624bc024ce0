export { expireRing, sweepRings } from './expire-rings.ts';
export * from './ringing.events.ts';
