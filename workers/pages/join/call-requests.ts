import {
  downloadFile,
  listParticipants,
  listPolls,
  startCaptions,
  startRecording,
  stopCaptions,
  stopRecording,
} from './api.ts';
import { ApiError } from '../common/api-error.ts';
import type { ChatFile } from './chat-log.ts';
import type { CallState } from './call-state.ts';
import { addOwnPolls } from './panels/poll-log.ts';
import { saveBytes } from './panels/message-files.ts';
import { describeCaptionProblem, describeFileProblem, describeStartProblem } from './texts.ts';

export interface CallRequestHooks {
  state(): CallState;
  roomId(): string;
  /** The participant's credential; undefined or empty outside of a call. */
  guestTicket(): string | undefined;
  showNote(text: string): void;
  /** Takes a note back, unless another one has followed. */
  hideNote(text: string): void;
  /** The state of the call has changed. */
  handleChange(): void;
}

export type CallRequestName =
  | 'readPolls'
  | 'readPeople'
  | 'startRecording'
  | 'stopRecordings'
  | 'switchCaptions';

/** Requests of the page to the API during the call, as its participant. */
export class CallRequests {
  readonly #hooks: CallRequestHooks;
  /** The problem of the last failed request; shown until a request succeeds. */
  #problem = '';

  constructor(hooks: CallRequestHooks) {
    this.#hooks = hooks;
  }

  /** How the participant voted is not in frames, which everybody receives. */
  readPolls(): Promise<void> {
    return this.#send('Your votes cannot be shown at the moment.', async (state, roomId, ticket) => {
      state.polls = addOwnPolls(state.polls, await listPolls(roomId, ticket));
    });
  }

  /** Moderators may act on people without a socket, of whom the frames know nothing. */
  readPeople(): Promise<void> {
    return this.#send('The list of people may be incomplete.', async (state, roomId, ticket) => {
      state.known = await listParticipants(roomId, ticket);
    });
  }

  /** Asks for a recording of the call. The sign appears for everybody with the frame that follows. */
  startRecording(): Promise<void> {
    return this.#send(describeStartProblem, async (_, roomId, ticket) => {
      await startRecording(roomId, ticket);
    });
  }

  /** Asks all recordings of the call to stop. */
  stopRecordings(): Promise<void> {
    return this.#send('The recording could not be stopped. Try again.', async (state, roomId, ticket) => {
      for (const recordingId of state.recordings.keys()) await stopRecording(roomId, recordingId, ticket);
    });
  }

  /** Switches captions on for everybody, or off while they are on. Everybody learns of it by the frame that follows. */
  switchCaptions(): Promise<void> {
    return this.#send(describeCaptionProblem, async ({ liveCaptions }, roomId, ticket) => {
      await (liveCaptions ? stopCaptions : startCaptions)(roomId, ticket);
    });
  }

  /** Makes the browser save a file of the chat. */
  saveFile({ fileId, name }: ChatFile): Promise<void> {
    return this.#send(describeFileProblem, async (_state, _roomId, ticket) => {
      saveBytes(await downloadFile(fileId, ticket), name ?? fileId);
    });
  }

  async #send(
    problem: string | ((code: string) => string),
    work: (state: CallState, roomId: string, ticket: string) => Promise<void>,
  ): Promise<void> {
    const { state: current, roomId, guestTicket, showNote, hideNote, handleChange } = this.#hooks;
    const [state, ticket] = [current(), guestTicket()];
    if (!ticket) return;
    try {
      await work(state, roomId(), ticket);
      hideNote(this.#problem);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = typeof problem === 'string' ? problem : problem(error.code);
      showNote(this.#problem);
    }
    // Another call may have begun meanwhile.
    if (current() === state) handleChange();
  }
}
