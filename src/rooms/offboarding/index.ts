export * from './offboarding.events.ts';
