export { callCommand, roomCommands, roomEndedCommand } from './live-commands.rules.ts';
