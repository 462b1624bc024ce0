import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ContentBlock,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** One red point. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
/** Eight samples of silence. */
export const WAV = 'UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==';

export const image: ContentBlock = { type: 'image', data: PNG, mimeType: 'image/png' };
export const text = (content: string): ContentBlock => ({ type: 'text', text: content });
export const resultOf = (...content: ContentBlock[]): CallToolResult => ({ content });
export const textResult = (content: string): CallToolResult => resultOf(text(content));

/** The capabilities of the client, in the version in which each request states them. */
export const capabilitiesOf = ({ mcpReq }: ServerContext): ClientCapabilities =>
  (mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
