import {
  type Admission,
  leaveLobby,
  readRoom,
  validateLink,
  type LinkDetails,
  type LobbyWait,
} from './api.ts';
import type { Call, CallEnd } from './call.ts';
import { type DeviceChoice, DevicePicker, NO_DEVICES } from './devices.ts';
import { byId, runAsync, setHidden, setText, showStep, showProblem } from './dom.ts';
import { Guest } from './guest.ts';
import { Lobby } from './lobby.ts';
import { listenToNameForm, type JoinForm, showFieldError } from './name-form.ts';
import { ApiError } from '../common/api-error.ts';
import { enterWithConsent } from './consent-step.ts';
import { errorTextFor, formatTime } from './texts.ts';

const { code = '', asksPassword, autoJoin } = document.body.dataset;
const guest = new Guest(code);
const lobby = new Lobby();

let visit: LinkDetails | undefined;
let joinForm: JoinForm = { name: '', password: undefined };
let choice: DeviceChoice = NO_DEVICES;
let devices: DevicePicker | undefined;
let call: Call | undefined;

const END_TEXTS: Readonly<Record<CallEnd | 'declined', [title: string, note: string, mayReturn: boolean]>> = {
  left: ['You have left', 'You can join again while the call lasts.', true],
  removed: ['You were removed', 'A host removed you from the call.', false],
  ended: ['The call has ended', 'Thank you for joining.', true],
  replaced: [
    'You joined from somewhere else',
    'You are in this call in another tab or on another device.',
    true,
  ],
  declined: ['You have not joined', 'The call is recorded, and you did not agree to that.', true],
  lost: ['The connection was lost', 'The call cannot be reached. You can try to join again.', true],
};

function showVisit(found: LinkDetails): void {
  visit = found;
  const title = found.title ?? found.room.name;
  setText(byId('title', HTMLElement), title);
  setText(byId('description', HTMLElement), found.description ?? '');
  const since = found.room.recordingRequestedAt ?? null;
  setHidden(byId('recorded', HTMLElement), since === null);
  setText(
    byId('recorded-text', HTMLElement),
    since === null ? '' : `This call is being recorded, since ${formatTime(since)}.`,
  );
  document.title = `${title} · AuraLink`;
}

/** Shows why joining failed, at the step where the visitor can do something about it. */
function showError(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  const text = errorTextFor(error.code);
  showStep('name');
  if (error.code === 'links.wrong_password' || error.code === 'links.password_required')
    showFieldError('password', text);
  else showProblem(text);
}

async function tryOrShowError<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    showError(error);
    return undefined;
  }
}

function handleEnd(end: CallEnd | 'declined'): void {
  const [title, note, mayReturn] = END_TEXTS[end];
  setText(byId('over-title', HTMLElement), title);
  setText(byId('over-note', HTMLElement), note);
  byId('rejoin', HTMLElement).hidden = !mayReturn;
  setHidden(byId('recorded', HTMLElement), true);
  showStep('over');
}

const enter = (recordingConsent: boolean) => guest.enter(joinForm.name, joinForm.password, recordingConsent);
/** Somebody who was in the call has answered already. */
const rejoin = () => enter(false);

/** Joins the room that a host moved the participant to. */
function handleMove(roomId: string, ticket: string, currentDevices: DeviceChoice): void {
  showStep('busy');
  choice = currentDevices;
  runAsync(async () => {
    try {
      const admission = await enterWithConsent((consent) => guest.followMove(roomId, ticket, consent));
      if (!admission) return handleEnd('declined');
      const room = await readRoom(roomId, guest.ticket);
      visit = { ...visit!, title: null, room };
      await enterCallOrLobby(admission);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      handleEnd('lost');
    }
  });
}

/** The call's script loads while the visitor types. */
const loadCall = () => import('./call.ts');

async function startCall(admission: Admission): Promise<void> {
  const { Call: CallOfPage } = await loadCall();
  call ??= new CallOfPage();
  const guestTicket = () => guest.ticket;
  await call.start(admission, choice, visit!, { handleEnd, handleMove, rejoin, guestTicket });
}

async function enterCallOrLobby(admission: Admission | LobbyWait): Promise<void> {
  if (admission.status === 'admitted') return startCall(admission);
  lobby.wait(admission, {
    handleAdmission: () => runAsync(joinCall),
    askAgain: () => runAsync(joinCall),
    handleLeave: () => handleEnd('left'),
    rejoin,
    cancelWaiting: ({ roomId, lobbyEntryId }) => leaveLobby(roomId, lobbyEntryId, guest.ticket),
  });
}

async function joinCall(): Promise<void> {
  showStep('busy');
  const entry = await tryOrShowError(async () => ({ admission: await enterWithConsent(enter) }));
  if (!entry) return;
  if (entry.admission) await enterCallOrLobby(entry.admission);
  else handleEnd('declined');
}

/** The tracks that the participant may publish: a viewer none, in an audio room no video. */
function publishableSources({ role, room }: LinkDetails): ('camera' | 'microphone')[] {
  if (role === 'viewer' || !('mediaDevices' in navigator)) return [];
  return room.type === 'audio_room' ? ['microphone'] : ['camera', 'microphone'];
}

async function chooseDevices(): Promise<void> {
  const sources = publishableSources(visit!);
  if (sources.length === 0) return joinCall();
  showStep('devices');
  devices ??= new DevicePicker(sources);
  await devices.open();
}

async function submitName(formValues: JoinForm): Promise<void> {
  joinForm = formValues;
  if (asksPassword !== undefined || !visit) {
    showStep('busy');
    const found = await tryOrShowError(() => validateLink(code, formValues.password));
    if (!found) return;
    showVisit(found);
  }
  await chooseDevices();
}

function attachListeners(): void {
  listenToNameForm(guest.name, (formValues) => runAsync(() => submitName(formValues)));
  byId('devices-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    choice = devices?.choice ?? NO_DEVICES;
    devices?.close();
    runAsync(joinCall);
  });
  byId('back', HTMLButtonElement).addEventListener('click', () => {
    devices?.close();
    showStep('name', byId('name', HTMLInputElement));
  });
  byId('rejoin', HTMLButtonElement).addEventListener('click', () => runAsync(joinCall));
}

async function startPage(): Promise<void> {
  attachListeners();
  if (!('RTCPeerConnection' in window))
    return showProblem(
      'This browser does not support calls. Use a current version of Chrome, Edge, Firefox or Safari.',
    );
  if (asksPassword === undefined) {
    try {
      showVisit(await validateLink(code, undefined));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return showProblem(errorTextFor(error.code));
    }
    if (autoJoin !== undefined) {
      joinForm = { name: guest.name || 'Guest', password: undefined };
      return joinCall();
    }
  }
  showStep('name', byId('name', HTMLInputElement));
  void loadCall();
  void import('./media.ts');
}

runAsync(startPage);
