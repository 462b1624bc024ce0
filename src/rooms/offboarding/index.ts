export { offboardingSubscriptions } from './offboarding.events.ts';
