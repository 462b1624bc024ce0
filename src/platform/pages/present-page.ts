import type { Services } from '../../kernel/context/index.ts';
import type { Html, Reply } from '../http/index.ts';
import { buildPageHeaders, type PageNeeds } from './page-headers.rules.ts';

/** A page with its security headers. */
export const presentPage = (
  { config }: Pick<Services, 'config'>,
  status: number,
  page: Html,
  needs: PageNeeds = {},
): Reply => ({
  status,
  raw: { content: page.toString(), type: 'text/html; charset=utf-8' },
  headers: buildPageHeaders(config.PUBLIC_URL, needs),
});

/** Sends the browser to the page's own address. */
export const redirectTo = (address: string): Reply => ({ status: 302, headers: { Location: address } });
