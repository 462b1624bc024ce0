export { ringRoutes } from './ringing.routes.ts';
export { expireRing, sweepRings } from './expire-rings.ts';
export * from './ringing.events.ts';
