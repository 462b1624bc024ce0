import { byId, setHidden, setText, queryWithin } from './dom.ts';

const button = (id: string) => byId(id, HTMLButtonElement);

const PANELS = ['chat', 'people', 'polls', 'settings', 'reactions'] as const;
export type Panel = (typeof PANELS)[number];

export interface ControlHooks {
  microphone(): void;
  camera(): void;
  screen(): void;
  hand(): void;
  captions(): void;
  leave(): void;
  sound(): void;
  react(emoji: string): void;
  /** A panel was opened or closed. */
  panel(name: Panel, open: boolean): void;
}

export interface ControlState {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  hand: boolean;
  captions: boolean;
  mayPublish: boolean;
  mayShare: boolean;
  audioOnly: boolean;
  offersCaptions: boolean;
  offersChat: boolean;
}

/** Phones cannot share their screen. */
export const canShareScreen = () =>
  'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;

function setPanel(name: Panel, open: boolean): void {
  setHidden(byId(`${name}-panel`, HTMLElement), !open);
  button(`toggle-${name}`).setAttribute('aria-expanded', String(open));
}

const isOpen = (name: Panel) => button(`toggle-${name}`).getAttribute('aria-expanded') === 'true';

function togglePanel(name: Panel, hooks: ControlHooks): void {
  const open = !isOpen(name);
  for (const each of PANELS) {
    if (each === name || !isOpen(each)) continue;
    setPanel(each, false);
    hooks.panel(each, false);
  }
  setPanel(name, open);
  hooks.panel(name, open);
}

function closeOpenPanel(hooks: ControlHooks): void {
  const open = PANELS.find(isOpen);
  if (!open) return;
  setPanel(open, false);
  button(`toggle-${open}`).focus();
  hooks.panel(open, false);
}

function listenToFullscreen(): void {
  const toggle = button('toggle-fullscreen');
  // Phones may offer it for videos only.
  setHidden(toggle, !document.fullscreenEnabled);
  toggle.addEventListener(
    'click',
    () =>
      void (document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen()),
  );
  document.addEventListener('fullscreenchange', () =>
    setText(
      queryWithin(toggle, 'span', HTMLElement),
      document.fullscreenElement ? 'Exit full screen' : 'Full screen',
    ),
  );
}

/** Attaches the listeners of the call's buttons, once for the life of the page. */
export function listenToControls(hooks: ControlHooks): void {
  for (const name of ['microphone', 'camera', 'screen', 'hand', 'captions'] as const)
    button(`toggle-${name}`).addEventListener('click', () => hooks[name]());
  button('leave').addEventListener('click', () => hooks.leave());
  button('sound-on').addEventListener('click', () => hooks.sound());
  for (const name of PANELS)
    button(`toggle-${name}`).addEventListener('click', () => togglePanel(name, hooks));
  byId('reactions-panel', HTMLElement).addEventListener('click', ({ target }) => {
    const emoji = target instanceof HTMLButtonElement ? target.dataset.emoji : undefined;
    if (emoji !== undefined) hooks.react(emoji);
  });
  byId('step-call', HTMLElement).addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') closeOpenPanel(hooks);
  });
  for (const close of document.querySelectorAll<HTMLButtonElement>('.close-panel'))
    close.addEventListener('click', () => closeOpenPanel(hooks));
  listenToFullscreen();
}

export function closePanels(): void {
  for (const name of PANELS) setPanel(name, false);
}

const LABELS = {
  microphone: ['Unmute', 'Mute'],
  camera: ['Start camera', 'Stop camera'],
  screen: ['Share screen', 'Stop sharing'],
  hand: ['Raise hand', 'Lower hand'],
  captions: ['Captions', 'Captions'],
} as const;

/** Labels the buttons with what pressing them does. */
export function showControls(state: ControlState): void {
  for (const name of Object.keys(LABELS) as (keyof typeof LABELS)[]) {
    const element = button(`toggle-${name}`);
    element.dataset.on = String(state[name]);
    setText(queryWithin(element, 'span', HTMLElement), LABELS[name][state[name] ? 1 : 0]);
  }
  button('toggle-captions').setAttribute('aria-pressed', String(state.captions));
  setHidden(button('toggle-microphone'), !state.mayPublish);
  setHidden(button('toggle-camera'), !state.mayPublish || state.audioOnly);
  setHidden(button('toggle-screen'), !state.mayShare);
  setHidden(button('toggle-captions'), !state.offersCaptions);
  setHidden(button('toggle-chat'), !state.offersChat);
}
