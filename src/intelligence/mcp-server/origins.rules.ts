import { mcpServerErrors } from './mcp-server.errors.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The host name of an authority, `name:port`; undefined for what is none. */
function hostNameOf(authority: string): string | undefined {
  return URL.parse(`http://${authority}`)?.hostname;
}

/** Whether the name is the product's: that of its public address, and on a machine of a developer any loopback name. */
function isOwnHost(authority: string, publicUrl: URL): boolean {
  const name = hostNameOf(authority);
  if (name === undefined) return false;
  return name === publicUrl.hostname || (LOOPBACK.has(publicUrl.hostname) && LOOPBACK.has(name));
}

/**
 * Refuses a request of a page that may not use the product, and one for another name: a page could have its own name lead to this
 * server (DNS rebinding).
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
