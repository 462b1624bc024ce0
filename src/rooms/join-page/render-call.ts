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
  <div id="captions" class="captions" data-size="medium" hidden>
    <div id="caption-lines" role="log" aria-live="polite" aria-label="Captions" tabindex="0"></div>
    <p id="caption-partial" aria-hidden="true" aria-live="off" dir="auto"></p>
    <p id="caption-note" class="caption-note" role="status"></p>
    <div class="caption-bar" role="group" aria-label="Caption settings">
      <div id="caption-language-choice" hidden>
        <label for="caption-language">Language</label>
        <select id="caption-language"></select>
      </div>
      <div>
        <label for="caption-size">Text size</label>
        <select id="caption-size">
          <option value="small">Small</option>
          <option value="medium">Medium</option>
          <option value="large">Large</option>
          <option value="huge">Very large</option>
        </select>
      </div>
      <button type="button" id="switch-captions" class="quiet" hidden>Start captions for everybody</button>
    </div>
  </div>
  <div id="listening" class="caption-bar" role="group" aria-label="Spoken translation" hidden>
    <div>
      <label for="listening-language">Listen in</label>
      <select id="listening-language"></select>
    </div>
    <p id="listening-note" class="caption-note" role="status"></p>
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
