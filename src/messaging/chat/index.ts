export { chatEvents } from './chat.events.ts';
export { chatRoutes } from './chat.routes.ts';
export { storeChatEvents } from './store-chat-events.ts';
export { findMessage, listMessages } from './read-messages.ts';
