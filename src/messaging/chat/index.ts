export { chatEvents } from './chat.jobs.ts';
export { chatRoutes } from './chat.routes.ts';
export { storeChatEvents } from './keep-messages.ts';
export { findMessage, listMessages } from './read-messages.ts';
