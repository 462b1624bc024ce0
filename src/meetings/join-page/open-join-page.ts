import type { Ctx } from '../../platform/context/index.ts';
import { doorErrors } from '../admission/index.ts';
import { openLink } from '../visits/index.ts';
import { joinPage, refusalPage } from './page.ts';
import { pageHeaders } from './policy.rules.ts';
import { refusalFor } from './refusals.rules.ts';

export interface ServedPage {
  status: number;
  markup: string;
  headers: Record<string, string>;
}

/** The page at a link, or one that says why it leads nowhere. Opening it is no visit yet: machines look at links too. */
export async function openJoinPage(ctx: Ctx, code: string): Promise<ServedPage> {
  const { clusters, pages } = ctx.ports;
  const [{ found, refusal }, files] = await Promise.all([openLink(ctx, code), pages.files()]);
  const headers = pageHeaders(
    ctx.config.PUBLIC_URL,
    clusters.names.map((name) => clusters.url(name)),
  );
  const reason = refusal ?? (found?.room.status === 'ended' ? doorErrors.ended() : undefined);
  if (reason || !found) {
    const appUrl = reason?.code === 'links.restricted' ? ctx.config.APP_URL : undefined;
    const { markup } = refusalPage(files, refusalFor(reason?.code ?? ''), appUrl);
    return { status: reason?.definition.status ?? 404, markup, headers };
  }
  const { link, room } = found;
  const asksPassword = link.access === 'password';
  const { markup } = joinPage(files, {
    code: link.code,
    title: asksPassword ? null : (link.title ?? room.name),
    description: asksPassword ? null : link.description,
    asksPassword,
    autoJoin: link.autoJoin,
  });
  return { status: 200, markup, headers };
}
