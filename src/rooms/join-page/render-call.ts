import { html, type Html } from '../../platform/http/index.ts';

/** SVG paths of line icons, 24 by 24. */
const ICONS: Readonly<Record<string, string>> = {
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3',
  camera: 'M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zM15 11l6-3v8l-6-3',
  screen: 'M3 5h18v11H3zM8 20h8M12 13V8M9.5 10.5 12 8l2.5 2.5',
  hand: 'M8 12V6a1.5 1.5 0 0 1 3 0v5V4.5a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v8a7 7 0 0 1-7 7c-3 0-4.5-1.5-6-4l-2-3.5a1.5 1.5 0 0 1 2.6-1.5L8 14',
  captions: 'M3 6h18v12H3zM10.5 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3',
  chat: 'M4 5h16v11H9l-5 4z',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20a7 7 0 0 1 14 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a7 7 0 0 1 4 6',
  leave: 'M3 14c5-5 13-5 18 0l-2.5 3-3.5-1.5V13a12 12 0 0 0-6 0v2.5L5.5 17z',
  sound: 'M4 9h4l5-4v14l-5-4H4zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
};

const renderStroke = (d: string, name: string) =>
  html`<path
    class="${name}"
    d="${d}"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
  />`;

/** The slash is shown while the control is off. */
const renderIcon = (name: string): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${renderStroke(ICONS[name]!, 'shape')} ${renderStroke('M4 4l16 16', 'slash')}
  </svg>`;

interface ControlButton {
  id: string;
  icon: string;
  label: string;
  /** ARIA state, for a button whose label does not change. */
  state?: Html;
}

const renderControl = ({ id, icon: name, label, state }: ControlButton): Html =>
  html`<button type="button" id="${id}" class="control" ${state}>
    ${renderIcon(name)}<span>${label}</span>
  </button>`;

const panelToggleState = (panel: string) => html`aria-expanded="false" aria-controls="${panel}"`;

const controls = html`<div class="controls" role="group" aria-label="Call controls">
  ${renderControl({ id: 'toggle-microphone', icon: 'microphone', label: 'Microphone' })}
  ${renderControl({ id: 'toggle-camera', icon: 'camera', label: 'Camera' })}
  ${renderControl({ id: 'toggle-screen', icon: 'screen', label: 'Share screen' })}
  ${renderControl({ id: 'toggle-hand', icon: 'hand', label: 'Raise hand' })}
  ${renderControl({ id: 'toggle-captions', icon: 'captions', label: 'Captions', state: html`aria-pressed="false"` })}
  ${renderControl({ id: 'toggle-chat', icon: 'chat', label: 'Chat', state: panelToggleState('chat-panel') })}
  ${renderControl({ id: 'toggle-people', icon: 'people', label: 'People', state: panelToggleState('people-panel') })}
  <button type="button" id="leave" class="control leave">${renderIcon('leave')}<span>Leave</span></button>
</div>`;

const chatPanel = html`<aside id="chat-panel" class="panel" aria-labelledby="chat-title" hidden>
  <h3 id="chat-title" tabindex="-1">Chat</h3>
  <ol id="messages" role="log" aria-live="polite" aria-label="Messages" tabindex="0"></ol>
  <p id="chat-error" class="field-error" role="alert"></p>
  <form id="chat-form">
    <label for="message" class="visually-hidden">Message to everyone</label>
    <textarea id="message" rows="2" maxlength="4000" placeholder="Message everyone"></textarea>
    <button type="submit" class="primary">Send</button>
  </form>
</aside>`;

const peoplePanel = html`<aside id="people-panel" class="panel" aria-labelledby="people-title" hidden>
  <h3 id="people-title" tabindex="-1">People</h3>
  <ul id="people"></ul>
</aside>`;

/** Templates from which the script makes tiles, messages and people. */
const templates = html`<template id="tile-template">
    <li class="tile">
      <video playsinline></video>
      <span class="initials" aria-hidden="true"></span>
      <span class="plate"
        ><span class="hand" hidden>Hand raised · </span><span class="muted" hidden>Muted · </span
        ><span class="name"></span
      ></span>
    </li>
  </template>
  <template id="message-template">
    <li>
      <p class="meta"><strong class="name"></strong> <time></time></p>
      <p class="text"></p>
    </li>
  </template>
  <template id="person-template">
    <li><span class="name"></span> <span class="tags"></span></li>
  </template>`;

/** The call step; hidden until the visitor is in the call. */
export const renderCall = (): Html =>
  html`<section id="step-call" class="call" aria-labelledby="call-title" hidden>
      <div class="call-bar">
        <h2 id="call-title" tabindex="-1">The call</h2>
        <p id="call-note" role="status"></p>
        <button type="button" id="sound-on" class="primary" hidden>
          ${renderIcon('sound')} Turn on sound
        </button>
      </div>
      <div class="stage">
        <ul id="tiles" class="tiles" aria-label="Participants"></ul>
        <div id="captions" class="captions" hidden>
          <div id="caption-lines" role="log" aria-live="polite" aria-label="Captions"></div>
          <p id="caption-partial" aria-hidden="true"></p>
        </div>
      </div>
      ${chatPanel} ${peoplePanel} ${controls}
      <div id="audio" hidden></div>
    </section>
    ${templates}`;
