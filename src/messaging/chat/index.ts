export { openableFilesOf, type OpenableFile } from './chat-files.queries.ts';
export { chatErrors } from './chat.errors.ts';
export { findFilesToShow } from './find-files-to-show.ts';
export { findMessage, listMessages, readChat } from './read-messages.ts';
export * from './chat.events.ts';
export { storeChatEvents } from './store-chat-events.ts';
