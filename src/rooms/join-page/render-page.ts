import { html, type Html } from '../../platform/http/index.ts';
import { type PageFiles, renderShell } from '../../platform/pages/index.ts';
import { renderCall } from './render-call.ts';
import type { RefusalText } from './refusals.rules.ts';
import { renderSteps } from './render-steps.ts';

/** What the page shows of a link before the visitor joins. */
export interface JoinPageData {
  code: string;
  /** Null for a link with a password. */
  title: string | null;
  description: string | null;
  asksPassword: boolean;
  autoJoin: boolean;
}

/** The page at which guests join. Without JavaScript it says that it needs it. */
export function renderJoinPage(files: PageFiles, data: JoinPageData): Html {
  const { code, title, description, asksPassword, autoJoin } = data;
  const heading = title ?? 'Join the call';
  const body = html`<main id="main">
    <div id="intro" class="card">
      <h1 id="title" tabindex="-1" dir="auto">${heading}</h1>
      <p id="description" dir="auto">${description ?? ''}</p>
      <p id="recorded" class="recorded" role="status" hidden>
        <span class="recording-dot" aria-hidden="true"></span><span id="recorded-text"></span>
      </p>
      <noscript>
        <p class="problem">
          This page needs JavaScript for audio and video. Turn it on for this site and reload the page.
        </p>
      </noscript>
      <p id="problem" class="problem" role="alert"></p>
      ${renderSteps(asksPassword)}
    </div>
    ${renderCall()}
  </main>`;
  const attributes = html`data-code="${code}" ${asksPassword && html`data-asks-password`}
  ${autoJoin && html`data-auto-join`}`;
  return renderShell(files, heading, body, attributes);
}

interface RefusalExtras {
  /** Where members sign in, if that helps. */
  appUrl?: string | undefined;
  /** For the support, when the fault is ours. */
  requestId?: string | undefined;
}

/** The page of a link that cannot be used. */
export function renderRefusalPage(
  files: PageFiles,
  { title, text }: RefusalText,
  { appUrl, requestId }: RefusalExtras,
): Html {
  const body = html`<main id="main">
    <div class="card">
      <h1>${title}</h1>
      <p>${text}</p>
      ${appUrl !== undefined && html`<p><a class="button" href="${appUrl}">Sign in</a></p>`}
      ${requestId !== undefined && html`<p class="small">Number for the support: <code>${requestId}</code></p>`}
    </div>
  </main>`;
  return renderShell({ ...files, script: '' }, title, body);
}
