export type { Content, OpenedContent } from './content.rules.ts';
export { contentReply } from './downloads.present.ts';
export {
  bytesAnswers,
  type ContentHeaders,
  contentHeadersSchema,
  contentQuerySchema,
} from './downloads.schemas.ts';
export { openBytes } from './open-content.ts';
