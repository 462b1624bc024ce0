import type { Services } from '../../kernel/context/index.ts';
import type { Html, Reply } from '../../platform/http/index.ts';
import { buildSecurityHeaders } from './security-headers.rules.ts';

/** A page with its security headers. */
export function presentPage(
  { config, ports }: Pick<Services, 'config' | 'ports'>,
  status: number,
  page: Html,
): Reply {
  const { clusters } = ports;
  const mediaUrls = clusters.names.map((name) => clusters.clientUrl(name));
  return {
    status,
    raw: { content: page.toString(), type: 'text/html; charset=utf-8' },
    headers: buildSecurityHeaders(config.PUBLIC_URL, mediaUrls),
  };
}

/** Sends the browser to the page's own address. */
export const redirectTo = (address: string): Reply => ({ status: 302, headers: { Location: address } });
