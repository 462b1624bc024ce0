import type { Reply } from '../../platform/http/index.ts';
import { isShownInline } from '../file-types/index.ts';
import { contentDisposition, type OpenedContent } from './content.rules.ts';
import type { ContentQuery } from './downloads.schemas.ts';

/** No page of ours and no script in a file can act in our name. */
const SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Pages of any origin may show what an address gives. */
export const FOR_EVERY_PAGE = { 'Cross-Origin-Resource-Policy': 'cross-origin' };

/** The response with bytes, or with a part of them. */
export function contentReply(
  { content, decision, body }: OpenedContent,
  { disposition }: ContentQuery,
  extraHeaders: Readonly<Record<string, string>> = {},
): Reply {
  const { etag, name, contentType, sizeBytes, modifiedAt } = content;
  const headers = {
    ETag: etag,
    'Last-Modified': modifiedAt.toUTCString(),
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    'Content-Security-Policy': SANDBOX,
    ...extraHeaders,
  };
  if (decision.kind === 'not_modified') return { status: 304, headers };
  if (decision.kind === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${sizeBytes}` } };
  const { offset, length } = decision.kind === 'part' ? decision.range : { offset: 0, length: sizeBytes };
  const isPart = decision.kind === 'part';
  const mayShow = disposition === 'inline' && content.mayShow && isShownInline(contentType);
  const shown = mayShow ? 'inline' : 'attachment';
  return {
    status: isPart ? 206 : 200,
    // The text was found to be UTF-8, whatever a browser would guess.
    raw: {
      content: body ?? '',
      type: contentType === 'text/plain' ? `${contentType}; charset=utf-8` : contentType,
    },
    headers: {
      ...headers,
      'Content-Disposition': contentDisposition(shown, name),
      'Content-Length': String(length),
      ...(isPart ? { 'Content-Range': `bytes ${offset}-${offset + length - 1}/${sizeBytes}` } : {}),
    },
  };
}
