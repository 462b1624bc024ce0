import type { Ctx } from '../../kernel/context/index.ts';
import type { Reply } from '../../platform/http/index.ts';
import { redirectTo } from '../../platform/pages/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { previewLink } from '../guest-access/index.ts';
import { addressForCode } from './page-address.rules.ts';
import { renderJoinPage, renderRefusalPage } from './render-page.ts';
import { refusalTextFor } from './refusals.rules.ts';
import { presentJoinPage } from './present-join-page.ts';

/** The page of a link, or one that says why it cannot be used. Opening it counts as no use: previews open links, too. */
export async function openJoinPage(ctx: Ctx, code: string): Promise<Reply> {
  const address = addressForCode(code);
  if (address !== undefined) return redirectTo(address);
  const [{ found, refusal }, files] = await Promise.all([
    previewLink(ctx, code),
    ctx.ports.pages.files('join'),
  ]);
  const reason = refusal ?? (found?.room.status === 'ended' ? admissionErrors.ended() : undefined);
  if (reason || !found) {
    const appUrl = reason?.code === 'links.restricted' ? ctx.config.APP_URL : undefined;
    const page = renderRefusalPage(files, refusalTextFor(reason?.code ?? ''), { appUrl });
    return presentJoinPage(ctx, reason?.status ?? 404, page);
  }
  const { link, room } = found;
  const asksPassword = link.access === 'password';
  const page = renderJoinPage(files, {
    code: link.code,
    title: asksPassword ? null : (link.title ?? room.name),
    description: asksPassword ? null : link.description,
    asksPassword,
    autoJoin: link.autoJoin,
  });
  return presentJoinPage(ctx, 200, page);
}
