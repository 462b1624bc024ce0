import { mcpServerErrors } from './mcp-server.errors.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The host name of an authority, `name:port`; undefined when it is none. */
function hostNameOf(authority: string): string | undefined {
  return URL.parse(`http://${authority}`)?.hostname;
}

/**
 * Whether the name belongs to the product: that of its public address, or any loopback name on a developer's machine.
 */
function isOwnHost(authority: string, publicUrl: URL): boolean {
  const name = hostNameOf(authority);
  if (name === undefined) return false;
  return name === publicUrl.hostname || (LOOPBACK.has(publicUrl.hostname) && LOOPBACK.has(name));
}

/**
 * Refuses requests from pages that may not use the product, and requests for another name: a page could make its own
 * name point to this server (DNS rebinding).
 * @param allowedOrigins web origins beside the product's own
 * @throws AppError `mcp.origin_refused` or `mcp.host_refused`
 */
export function requireOwnAddress(
  { headers, url }: Pick<Request, 'headers' | 'url'>,
  publicUrl: URL,
  allowedOrigins: readonly string[],
): void {
  if (!isOwnHost(headers.get('host') ?? new URL(url).host, publicUrl)) throw mcpServerErrors.hostRefused();
  const origin = headers.get('origin');
  if (origin === null || allowedOrigins.includes(origin)) return;
  const page = URL.parse(origin);
  if (!page || !isOwnHost(page.host, publicUrl)) throw mcpServerErrors.originRefused();
}
