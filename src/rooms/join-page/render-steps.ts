import { html, type Html } from '../../platform/http/index.ts';

const renderNameStep = (asksPassword: boolean): Html =>
  html`<section id="step-name" aria-labelledby="title" hidden>
    <form id="name-form" novalidate>
      <label for="name">Your name</label>
      <input
        id="name"
        name="name"
        type="text"
        autocomplete="name"
        maxlength="100"
        required
        aria-describedby="name-error"
      />
      <p id="name-error" class="field-error"></p>
      ${
        asksPassword &&
        html`<label for="password">Password of the call</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="off"
            maxlength="128"
            required
            aria-describedby="password-error"
          />
          <p id="password-error" class="field-error"></p>`
      }
      <button type="submit" class="primary">Continue</button>
    </form>
  </section>`;

const devicesStep = html`<section id="step-devices" aria-labelledby="devices-title" hidden>
  <h2 id="devices-title" tabindex="-1">Camera and microphone</h2>
  <div id="camera-preview" class="preview">
    <video id="preview" muted playsinline aria-label="Your camera"></video>
    <p id="preview-note">The camera is off</p>
  </div>
  <form id="devices-form">
    <fieldset>
      <legend class="visually-hidden">What other participants see and hear</legend>
      <div id="camera-choice" class="device">
        <label class="check"><input id="camera-on" type="checkbox" checked /> Camera</label>
        <select id="camera" aria-label="Which camera"></select>
      </div>
      <div id="microphone-choice" class="device">
        <label class="check"><input id="microphone-on" type="checkbox" checked /> Microphone</label>
        <select id="microphone" aria-label="Which microphone"></select>
        <label class="level"
          >Level <meter id="level" min="0" max="1" low="0.02" optimum="0.5" value="0"></meter>
        </label>
      </div>
    </fieldset>
    <p id="devices-note" class="note" role="status"></p>
    <div class="row">
      <button type="submit" id="join" class="primary">Join</button>
      <button type="button" id="back">Back</button>
    </div>
  </form>
</section>`;

const lobbyStep = html`<section id="step-lobby" aria-labelledby="lobby-title" hidden>
  <h2 id="lobby-title" tabindex="-1">Waiting to be let in</h2>
  <div class="waiting" aria-hidden="true"></div>
  <p id="lobby-note" role="status">The hosts know that you are waiting.</p>
  <div class="row">
    <button type="button" id="ask-again" class="primary" hidden>Ask again</button>
    <button type="button" id="leave-lobby">Leave</button>
  </div>
</section>`;

const consentStep = html`<section id="step-consent" aria-labelledby="consent-title" hidden>
  <h2 id="consent-title" tabindex="-1">Do you agree to be recorded?</h2>
  <p>
    Everybody in this call has to agree. You can withdraw your consent during the call; then the recording
    stops.
  </p>
  <div class="row">
    <button type="button" id="agree">I agree: join</button>
    <button type="button" id="disagree">Do not join</button>
  </div>
</section>`;

const overStep = html`<section id="step-over" aria-labelledby="over-title" hidden>
  <h2 id="over-title" tabindex="-1">You have left</h2>
  <p id="over-note"></p>
  <button type="button" id="rejoin" class="primary">Join again</button>
</section>`;

const busyStep = html`<section id="step-busy" aria-label="Please wait" hidden>
  <div class="waiting" aria-hidden="true"></div>
  <p>Joining…</p>
</section>`;

/** The steps before and after the call; the script shows one at a time. */
export const renderSteps = (asksPassword: boolean): Html =>
  html`${renderNameStep(asksPassword)} ${devicesStep} ${busyStep} ${consentStep} ${lobbyStep} ${overStep}`;
