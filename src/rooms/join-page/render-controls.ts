import { html, type Html } from '../../platform/http/index.ts';
import { type IconName, renderIcon } from './icons.ts';

interface ControlButton {
  id: string;
  icon: IconName;
  label: string;
  /** ARIA state, for a button whose label does not change. */
  state?: Html;
}

const renderControl = ({ id, icon: name, label, state }: ControlButton): Html =>
  html`<button type="button" id="${id}" class="control" ${state}>
    ${renderIcon(name)}<span>${label}</span>
  </button>`;

const renderPanelToggle = (name: IconName, label: string) =>
  renderControl({
    id: `toggle-${name}`,
    icon: name,
    label,
    state: html`aria-expanded="false" aria-controls="${name}-panel"`,
  });

const EMOJI: readonly (readonly [string, string])[] = [
  ['👍', 'Thumbs up'],
  ['👏', 'Clapping'],
  ['❤️', 'Heart'],
  ['😂', 'Laughing'],
  ['😮', 'Surprised'],
  ['🎉', 'Celebration'],
];

/** Emoji that everybody sees for a moment. */
export const reactionsPanel = html`<div
  id="reactions-panel"
  class="reactions"
  role="group"
  aria-label="Reactions"
  hidden
>
  ${EMOJI.map(
    ([emoji, name]) =>
      html`<button type="button" class="emoji" data-emoji="${emoji}" aria-label="${name}">${emoji}</button>`,
  )}
</div>`;

export const controls = html`<div class="controls" role="group" aria-label="Call controls">
  ${renderControl({ id: 'toggle-microphone', icon: 'microphone', label: 'Microphone' })}
  ${renderControl({ id: 'toggle-camera', icon: 'camera', label: 'Camera' })}
  ${renderControl({ id: 'toggle-screen', icon: 'screen', label: 'Share screen' })}
  ${renderControl({ id: 'toggle-hand', icon: 'hand', label: 'Raise hand' })}
  ${renderPanelToggle('reactions', 'React')}
  ${renderControl({ id: 'toggle-captions', icon: 'captions', label: 'Captions', state: html`aria-pressed="false"` })}
  ${renderPanelToggle('chat', 'Chat')} ${renderPanelToggle('people', 'People')}
  ${renderPanelToggle('polls', 'Polls')} ${renderPanelToggle('settings', 'Settings')}
  <button type="button" id="leave" class="control leave">${renderIcon('leave')}<span>Leave</span></button>
</div>`;

export const callBar = html`<div class="call-bar">
  <h2 id="call-title" tabindex="-1" dir="auto">The call</h2>
  <p id="recording-sign" class="recording-sign" hidden>
    <span class="recording-dot" aria-hidden="true"></span><bdi id="recording-label"></bdi>
  </p>
  <button type="button" id="start-recording" class="quiet" hidden>Start recording</button>
  <button type="button" id="stop-recording" class="quiet" hidden>Stop recording</button>
  <button type="button" id="withdraw-consent" class="quiet" hidden>Withdraw my consent</button>
  <p id="recording-status" class="visually-hidden" role="status" dir="auto"></p>
  <p id="call-note" role="status" dir="auto"></p>
  <button type="button" id="sound-on" class="primary" hidden>${renderIcon('sound')} Turn on sound</button>
  <button type="button" id="toggle-fullscreen" class="quiet" hidden>
    ${renderIcon('fullscreen')}<span>Full screen</span>
  </button>
  <section id="consent-ask" class="consent-ask" aria-labelledby="consent-ask-text" hidden>
    <p id="consent-ask-text">
      Do you agree to be recorded in this call? You can withdraw your consent at any time.
    </p>
    <button type="button" id="give-consent">I agree</button>
    <button type="button" id="refuse-consent">I do not agree</button>
  </section>
</div>`;
