export { findHolder, holderSchema } from './address-holder.ts';
export { type Content, contentOf, type OpenedContent } from './content.rules.ts';
export { contentReply, FOR_EVERY_PAGE } from './downloads.present.ts';
export {
  bytesAnswers,
  type ContentHeaders,
  contentHeadersSchema,
  contentQuerySchema,
  signedParamsSchema,
} from './downloads.schemas.ts';
export { openBytes } from './open-content.ts';
export { signDownloadUrl } from './signed-url.ts';
