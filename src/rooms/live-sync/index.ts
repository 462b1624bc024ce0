export * from './live-sync.events.ts';
