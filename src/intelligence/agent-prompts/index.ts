export { type Asked, HISTORY_MESSAGES, notesOf, numbered, promptOf } from './prompt.rules.ts';
export { type CallSight, sightOf } from './sight.rules.ts';
export { recallForAgent } from './recall-for-agent.ts';
