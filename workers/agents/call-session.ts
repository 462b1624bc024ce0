import { type RemoteParticipant, type RemoteTrack, Room, RoomEvent } from '@livekit/rtc-node';
import type { Session } from './agents-process.ts';
import { ChatAnswers, NOT_ALLOWED } from './chat-answers.ts';
import { asksToLeave } from './commands.ts';
import { Doubt } from './doubt.ts';
import { greetingOf } from './greeting.ts';
import { listen } from './listening.ts';
import { log } from './log.ts';
import type { Product, StartedAgent } from './product.ts';
import { sentencesOf, textOf } from './sentences.ts';
import { type Settings, type SpeechService, speechServiceOf } from './settings.ts';
import { type SeenScreen, SharedScreens } from './shared-screens.ts';
import { SpeechUse } from './speech-use.ts';
import { Synthesis } from './synthesis.ts';
import { subscribeToPublished, useTracks } from './tracks.ts';
import { Voice } from './voice.ts';

/** An agent in one call: it listens to all people, sees what it may, asks the product what to say, and says it. */
export class CallSession implements Session {
  readonly #agent: StartedAgent;
  readonly #product: Product;
  readonly #service: SpeechService;
  readonly #voice: Voice;
  readonly #room = new Room();
  readonly #screens = new SharedScreens();
  readonly #over = new AbortController();
  readonly #chat: ChatAnswers;
  readonly #use: SpeechUse;
  readonly #doubt: Doubt;
  /** The tracks on which a sentence is being said or recognized. */
  readonly #speaking = new Set<RemoteTrack>();
  /** The answer that is being made or said. */
  #turn: AbortController | undefined;
  #isSpeaking = false;
  #isHandRaised = false;

  constructor(agent: StartedAgent, product: Product, settings: Settings) {
    this.#agent = agent;
    this.#product = product;
    this.#service = speechServiceOf(settings, agent.group);
    const logLine = (line: string) => this.#log(line);
    this.#use = new SpeechUse(product, agent.callAgentId, logLine);
    const synthesis = new Synthesis(this.#service, agent.voice, logLine);
    this.#voice = new Voice(synthesis, (text) => this.#use.spoke(text));
    this.#doubt = new Doubt(this.#voice);
    this.#over.signal.addEventListener('abort', () => this.#screens.end());
    const look = (identity: string) => this.#look(identity);
    this.#chat = new ChatAnswers({ agent, product, signal: this.#over.signal, look, log: logLine });
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  get isBusy(): boolean {
    return this.#turn !== undefined || this.#speaking.size > 0 || this.#chat.isBusy;
  }

  async join(): Promise<void> {
    const { url, token, name } = this.#agent;
    this.#room.on(RoomEvent.Disconnected, () => this.#over.abort());
    useTracks(this.#room, {
      screens: this.#screens,
      listenTo: (track, participant) => this.#listenTo(track, participant),
      log: (line) => this.#log(line),
    });
    await this.#room.connect(url, token, { autoSubscribe: false, dynacast: false });
    subscribeToPublished(this.#room, this.#screens);
    await this.#voice.publish(this.#room);
    this.#log('joined');
    await this.#speak((signal) => this.#say(textOf(greetingOf(name, this.#screens.mayLook)), signal));
  }

  allowScreens(mayLook: boolean): void {
    if (!this.isOver) this.#screens.allow(mayLook);
  }

  async leave(): Promise<void> {
    this.#over.abort();
    this.#turn?.abort();
    await Promise.all([this.#use.end(), this.#room.disconnect()]);
  }

  #log(line: string): void {
    log(line, this.#agent.callAgentId);
  }

  #listenTo(track: RemoteTrack, participant: RemoteParticipant): void {
    const listener = {
      onSound: () => {
        if (this.#turn && !this.#turn.signal.aborted) this.#doubt.begin();
      },
      onSpeech: () => {
        this.#log('somebody speaks');
        this.#speaking.add(track);
        this.#interrupt();
      },
      onPause: () => this.#log('a pause'),
      onRecognized: (ms: number) => {
        this.#speaking.delete(track);
        this.#use.recognized(ms);
      },
      onSentence: (text: string) => void this.#receive(participant, text),
      log: (line: string) => this.#log(line),
    };
    listen(track, this.#service, listener, this.#over.signal)
      .catch((error: unknown) => this.#log(`listening ended: ${String(error)}`))
      .finally(() => this.#speaking.delete(track));
  }

  /** People go first: the agent drops what it says or is about to say. */
  #interrupt(): void {
    if (this.#turn && !this.#turn.signal.aborted) {
      this.#turn.abort();
      this.#voice.interrupt();
      this.#log('interrupted');
      // It had something to say, and none of it was said.
      this.#showHand(!this.#isSpeaking);
    }
    this.#doubt.end();
  }

  #receive({ name, identity }: RemoteParticipant, text: string): Promise<void> {
    this.#log('recognized a sentence');
    const { callAgentId, name: ownName } = this.#agent;
    const speaker = name || identity;
    if (asksToLeave(ownName, text)) return this.#speak((signal) => this.#askToLeave(identity, signal));
    const screen = this.#look(identity);
    return this.#speak(async (signal) => {
      const said = { speaker, text, screen: await screen };
      await this.#say(this.#product.answer(callAgentId, said, signal), signal);
    });
  }

  /** The screen that is shared at this moment, for a question of a participant. */
  async #look(identity: string): Promise<SeenScreen | undefined> {
    return this.#screens.look(identity).catch((error: unknown) => {
      this.#log(`a shared screen was not seen: ${String(error)}`);
      return undefined;
    });
  }

  /** The product decides whether the speaker may ask for this; if so, the agent leaves. */
  async #askToLeave(identity: string, signal: AbortSignal): Promise<void> {
    const hasLeft = await this.#product.leave(this.#agent.callAgentId, identity);
    if (!hasLeft) await this.#say(textOf(NOT_ALLOWED), signal);
  }

  /** Says a text that is on its way. A sentence is made into sound while the one before is played. */
  async #say(pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    let playing: Promise<void> = Promise.resolve();
    for await (const sentence of sentencesOf(this.#noting(pieces))) {
      this.#log('a sentence to say');
      const sound = this.#voice.synthesize(sentence, signal);
      sound.catch(() => undefined); // awaited below, after the sentence before
      await playing;
      playing = this.#voice.play(await sound, signal, () => this.#begin());
      playing.catch(() => undefined); // awaited in the next turn
    }
    await playing;
  }

  #begin(): void {
    this.#isSpeaking = true;
    this.#showHand(false);
    this.#log('speaks');
  }

  #showHand(isRaised: boolean): void {
    if (this.#isHandRaised === isRaised) return;
    this.#isHandRaised = isRaised;
    this.#chat.showHand(isRaised);
  }

  async *#noting(pieces: AsyncIterable<string>): AsyncGenerator<string> {
    let isFirst = true;
    for await (const piece of pieces) {
      if (isFirst) this.#log('the answer begins');
      isFirst = false;
      yield piece;
    }
  }

  /** One turn at a time: a new one ends the one before. */
  async #speak(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#interrupt();
    const turn = new AbortController();
    this.#turn = turn;
    this.#isSpeaking = false;
    const signal = AbortSignal.any([turn.signal, this.#over.signal]);
    try {
      await work(signal);
      await this.#voice.drained(signal);
    } catch (error) {
      if (!turn.signal.aborted && !this.isOver) this.#log(`no answer: ${String(error)}`);
    } finally {
      if (this.#turn === turn) this.#turn = undefined;
    }
  }
}
