import { html, type Html } from '../../platform/http/index.ts';
import { callBar, controls, reactionsPanel } from './render-controls.ts';
import { panels, templates } from './render-panels.ts';

const stage = html`<div class="stage">
  <ul id="tiles" class="tiles" aria-label="Participants"></ul>
  <div id="pager" class="pager" role="group" aria-label="Pages of participants" hidden>
    <button type="button" id="page-previous" class="quiet">Previous</button>
    <p id="page-note" role="status"></p>
    <button type="button" id="page-next" class="quiet">Next</button>
  </div>
  <div id="captions" class="captions" hidden>
    <div id="caption-lines" role="log" aria-live="polite" aria-label="Captions"></div>
    <p id="caption-partial" aria-hidden="true" dir="auto"></p>
  </div>
  <p id="reaction-note" class="visually-hidden" role="status" dir="auto"></p>
</div>`;

/** The call step; hidden until the visitor is in the call. */
export const renderCall = (): Html =>
  html`<section id="step-call" class="call" aria-labelledby="call-title" hidden>
      ${callBar} ${stage} ${panels} ${reactionsPanel} ${controls}
      <div id="audio" hidden></div>
    </section>
    ${templates}`;
