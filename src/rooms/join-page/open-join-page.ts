import type { Ctx } from '../../kernel/context/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { previewLink } from '../guest-access/index.ts';
import { renderJoinPage, renderRefusalPage } from './render-page.ts';
import { buildSecurityHeaders } from './security-headers.rules.ts';
import { refusalTextFor } from './refusals.rules.ts';

export interface ServedPage {
  status: number;
  markup: string;
  headers: Record<string, string>;
}

/** The page of a link, or one that says why it cannot be used. Opening it counts as no use: previews open links, too. */
export async function openJoinPage(ctx: Ctx, code: string): Promise<ServedPage> {
  const { clusters, pages } = ctx.ports;
  const [{ found, refusal }, files] = await Promise.all([previewLink(ctx, code), pages.files()]);
  const headers = buildSecurityHeaders(
    ctx.config.PUBLIC_URL,
    clusters.names.map((name) => clusters.clientUrl(name)),
  );
  const reason = refusal ?? (found?.room.status === 'ended' ? admissionErrors.ended() : undefined);
  if (reason || !found) {
    const appUrl = reason?.code === 'links.restricted' ? ctx.config.APP_URL : undefined;
    const markup = renderRefusalPage(files, refusalTextFor(reason?.code ?? ''), appUrl);
    return { status: reason?.definition.status ?? 404, markup: markup.toString(), headers };
  }
  const { link, room } = found;
  const asksPassword = link.access === 'password';
  const markup = renderJoinPage(files, {
    code: link.code,
    title: asksPassword ? null : (link.title ?? room.name),
    description: asksPassword ? null : link.description,
    asksPassword,
    autoJoin: link.autoJoin,
  });
  return { status: 200, markup: markup.toString(), headers };
}
