export { muteRequested } from './muting.events.ts';
