import { html, type Html } from '../../platform/http/index.ts';

const renderPanel = (name: string, title: string, content: Html) =>
  html`<aside id="${name}-panel" class="panel" aria-labelledby="${name}-title" hidden>
    <div class="panel-head">
      <h3 id="${name}-title" tabindex="-1">${title}</h3>
      <button type="button" class="close-panel quiet" aria-label="Close ${title.toLowerCase()}">Close</button>
    </div>
    ${content}
  </aside>`;

const chatPanel = renderPanel(
  'chat',
  'Chat',
  html`<p id="no-messages" class="meta">There are no messages yet.</p>
    <ol id="messages" role="log" aria-live="polite" aria-label="Messages" tabindex="0"></ol>
    <p id="typing-note" class="meta" dir="auto"></p>
    <p id="chat-error" class="field-error" role="alert"></p>
    <form id="chat-form">
      <label for="message" class="visually-hidden">Message to everyone</label>
      <textarea id="message" rows="2" maxlength="4000" placeholder="Message everyone" dir="auto"></textarea>
      <button type="submit" class="primary">Send</button>
    </form>`,
);

const peoplePanel = renderPanel(
  'people',
  'People',
  html`<section id="lobby-section" aria-labelledby="lobby-people-title" hidden>
      <h4 id="lobby-people-title">Waiting to be let in</h4>
      <ul id="lobby-people"></ul>
      <button type="button" id="admit-all">Let everybody in</button>
    </section>
    <ul id="people" aria-label="People in the call"></ul>
    <div id="moderation" class="moderation" role="group" aria-label="For everybody" hidden>
      <button type="button" id="mute-all">Mute all</button>
      <button type="button" id="lower-hands">Lower all hands</button>
      <button type="button" id="lock-room">Lock call</button>
      <button type="button" id="end-room" class="danger">End for everybody</button>
    </div>`,
);

const pollsPanel = renderPanel(
  'polls',
  'Polls',
  html`<p id="no-polls" class="meta">There are no polls yet.</p>
    <ul id="polls"></ul>`,
);

const renderChoice = (name: string, label: string) =>
  html`<div id="${name}-choice">
    <label for="${name}">${label}</label>
    <select id="${name}"></select>
  </div>`;

const settingsPanel = renderPanel(
  'settings',
  'Settings',
  html`<div class="settings">
    ${renderChoice('call-camera', 'Camera')} ${renderChoice('call-microphone', 'Microphone')}
    ${renderChoice('call-speaker', 'Speaker')}
  </div>`,
);

export const panels = html`${chatPanel} ${peoplePanel} ${pollsPanel} ${settingsPanel}`;

/** Templates from which the script makes tiles, messages, people and polls. Names are isolated from the text around them. */
export const templates = html`<template id="tile-template">
    <li class="tile">
      <video playsinline></video>
      <span class="initials" aria-hidden="true"></span>
      <span class="reaction" aria-hidden="true"></span>
      <span class="plate"
        ><span class="hand" hidden>Hand raised · </span><span class="muted" hidden>Muted · </span
        ><span class="in-spotlight" hidden>Spotlight · </span><span class="guest mark" hidden>Guest</span
        ><bdi class="name"></bdi><span class="suffix"></span
      ></span>
      <span class="connection"></span>
    </li>
  </template>
  <template id="message-template">
    <li>
      <p class="meta">
        <strong><bdi class="name"></bdi></strong> <span class="guest mark" hidden>Guest</span> <time></time>
      </p>
      <p class="text" dir="auto"></p>
      <ul class="files" hidden></ul>
      <p class="extras meta"></p>
    </li>
  </template>
  <template id="caption-template">
    <p dir="auto">
      <bdi class="name"></bdi>: <span class="text"></span>
      <span class="untranslated mark" hidden>not translated</span>
    </p>
  </template>
  <template id="person-template">
    <li>
      <bdi class="name"></bdi><span class="suffix"></span> <span class="tags"></span>
      <div class="actions" role="group" hidden>
        <button type="button" class="mute">Mute</button>
        <button type="button" class="lower">Lower hand</button>
        <button type="button" class="spotlight">Spotlight</button>
        <button type="button" class="remove">Remove</button>
      </div>
    </li>
  </template>
  <template id="waiting-template">
    <li>
      <bdi class="name"></bdi> <span class="guest mark" hidden>Guest</span>
      <div class="actions">
        <button type="button" class="admit">Let in</button>
        <button type="button" class="deny">Decline</button>
      </div>
    </li>
  </template>
  <template id="poll-template">
    <li>
      <form>
        <fieldset>
          <legend class="question" dir="auto"></legend>
          <p class="hint meta"></p>
          <div class="options"></div>
        </fieldset>
        <button type="submit" class="primary">Vote</button>
      </form>
    </li>
  </template>
  <template id="option-template">
    <div class="option">
      <label><input type="radio" /> <span class="text" dir="auto"></span> <span class="votes"></span></label>
      <meter aria-hidden="true" min="0" hidden></meter>
    </div>
  </template>`;
