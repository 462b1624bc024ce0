import type { Ctx } from '../../kernel/context/index.ts';
import { html, type Reply } from '../../platform/http/index.ts';
import { presentPage, renderShell } from '../../platform/pages/index.ts';

const body = html`<main id="main">
  <div class="card">
    <h1 id="title" tabindex="-1" dir="auto">A file for you</h1>
    <noscript
      ><p class="problem">
        This page needs JavaScript. Turn it on for this site and reload the page.
      </p></noscript
    >
    <p id="facts"></p>
    <p id="problem" class="problem" role="alert"></p>
    <form id="form" hidden>
      <div id="password-field" hidden>
        <label for="password">Password</label>
        <input id="password" type="password" maxlength="128" autocomplete="off" aria-describedby="problem" />
      </div>
      <button id="download" class="primary">Download</button>
    </form>
    <p id="status" role="status"></p>
  </div>
</main>`;

/** The page on which somebody with a link downloads its file. @throws AppError `server.unavailable` */
export async function openSharedFilePage(ctx: Ctx): Promise<Reply> {
  const files = await ctx.ports.pages.files('shared-file');
  return presentPage(ctx, 200, renderShell(files, 'A file for you', body));
}
