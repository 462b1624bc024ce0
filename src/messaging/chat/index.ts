export { chatJobs } from './chat.jobs.ts';
export { chatRoutes } from './chat.routes.ts';
export { keepMessages } from './keep-messages.ts';
export { findMessage, listMessages } from './read-messages.ts';
