import type { Ctx } from '../../kernel/context/index.ts';
import { html, type Reply } from '../../platform/http/index.ts';
import { presentPage, renderShell } from '../../platform/pages/index.ts';

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

const body = html`<main id="main">
  <div id="intro" class="card">
    <h1 tabindex="-1">Recording</h1>
    <noscript
      ><p class="problem">
        This page needs JavaScript. Turn it on for this site and reload the page.
      </p></noscript
    >
    <p id="loading" role="status">Opening the recording …</p>
    <p id="problem" class="problem" role="alert"></p>
  </div>
  <div id="playback" hidden>
    <header>
      <h1 id="title" tabindex="-1" dir="auto"></h1>
      <p id="when"></p>
    </header>
    <section id="player" aria-label="Player">
      <video id="video" controls playsinline preload="metadata"></video>
      <p id="media-problem" class="problem" role="alert"></p>
      <div class="player-bar">
        <label for="speed">Speed</label>
        <select id="speed">
          ${SPEEDS.map((speed) => html`<option value="${speed}" ${speed === 1 && html`selected`}>${speed}×</option>`)}
        </select>
        <p class="keys">
          Keys: space plays and pauses, ← and → move by 10 seconds, &lt; and &gt; change the speed.
        </p>
      </div>
    </section>
    <section id="people-section" aria-labelledby="people-heading">
      <h2 id="people-heading">People</h2>
      <ul id="people"></ul>
      <p class="legend">
        <span class="present-sign" aria-hidden="true"></span> in the call
        <span class="sharing-sign" aria-hidden="true"></span> shares the screen
      </p>
    </section>
    <div id="beside">
      <section aria-labelledby="chapters-heading">
        <h2 id="chapters-heading">Chapters</h2>
        <ol id="chapters"></ol>
      </section>
      <section id="chat-section" aria-labelledby="chat-heading" hidden>
        <h2 id="chat-heading">Chat</h2>
        <ol id="chat"></ol>
      </section>
      <section id="transcript-section" aria-labelledby="transcript-heading" hidden>
        <h2 id="transcript-heading">Transcript</h2>
        <ol id="transcript"></ol>
      </section>
    </div>
  </div>
  <template id="person-template">
    <li>
      <bdi class="person-name"></bdi><span class="visually-hidden"></span>
      <div class="track" aria-hidden="true"></div>
    </li>
  </template>
  <template id="chapter-template">
    <li>
      <button type="button"><time></time><span dir="auto"></span></button>
    </li>
  </template>
  <template id="segment-template">
    <li>
      <button type="button"><time></time></button>
      <p class="message"><bdi class="author"></bdi><span class="text" dir="auto"></span></p>
    </li>
  </template>
  <template id="message-template">
    <li>
      <button type="button"><time></time></button>
      <div class="message">
        <p><bdi class="author"></bdi><span class="text" dir="auto"></span></p>
        <ul class="files" hidden></ul>
      </div>
    </li>
  </template>
</main>`;

/** Where recordings are played from: buckets of customers can be anywhere; over plain HTTP only for a product that is served so. */
const mediaSources = (publicUrl: string): string[] =>
  publicUrl.startsWith('http:') ? ["'self'", 'https:', 'http:'] : ["'self'", 'https:'];

/** The page that plays a recording, by the token in the fragment of its address. @throws AppError `server.unavailable` */
export async function openPlaybackPage(ctx: Ctx): Promise<Reply> {
  const files = await ctx.ports.pages.files('playback');
  const needs = { media: mediaSources(ctx.config.PUBLIC_URL), features: ['autoplay', 'fullscreen'] };
  return presentPage(ctx, 200, renderShell(files, 'Recording', body), needs);
}
