export { recallDueBreakouts } from './sync-breakouts.ts';
export * from './breakouts.events.ts';
